// SPDX-License-Identifier: Apache-2.0
//
// Every screen and state that is drawn and checked: who looks, where, in which scene of the made-up
// world, and what is pressed first.
import { Buffer } from 'node:buffer';

const press = (name) => async (page) => { await page.getByRole('button', { name }).first().click(); };

const look = async (page) => {
    await page.locator('input[type=file]').setInputFiles({ name: 'дети.csv', mimeType: 'text/csv', buffer: Buffer.from('register_no,name\n') });
    await page.getByRole('button', { name: /^(Проверить|Look through it)$/ }).click();
    await page.locator('.note').first().waitFor();
};

export const SCENES = [
    { name: 'signin', at: '/' },
    { name: 'signin-wrong', at: '/', act: async (page) => {
        await page.locator('.code-boxes input').first().focus();
        await page.keyboard.type('111111', { delay: 20 });
        await page.keyboard.press('Enter');
        await page.getByRole('alert').waitFor();
    } },
    { name: 'signin-adult', at: '/adult' },
    { name: 'signin-link-bad', at: '/in/no-such-link-any-more' },
    { name: 'accounts-code', at: '/adult', act: async (page) => {
        await page.getByRole('textbox').first().fill('second');
        await page.locator('input[type=password]').fill('parta');
        await page.keyboard.press('Enter');
        await page.getByRole('alert').waitFor();
    } },
    { name: 'accounts-reset', at: '/reset' },
    { name: 'accounts-reset-sent', at: '/reset', act: async (page) => {
        await page.getByRole('textbox').first().fill('irina@centre.example');
        await page.keyboard.press('Enter');
        await page.getByRole('status').waitFor();
    } },
    { name: 'accounts-reset-gone', at: '/reset/old', act: async (page) => {
        await page.locator('input[type=password]').fill('correct horse battery');
        await page.keyboard.press('Enter');
        await page.getByRole('alert').waitFor();
    } },
    { name: 'accounts-invite', at: '/invite/p4Gm1mXyq0Cq2lq1b5m0hV3mZq8sKQ7cW0u9k2nX3ek' },
    { name: 'accounts-invite-gone', at: '/invite/old' },
    { name: 'accounts-people', who: 'coordinator', at: '/people' },
    { name: 'accounts-people-empty', who: 'coordinator', at: '/people', scene: 'empty' },
    { name: 'accounts-people-invite', who: 'coordinator', at: '/people', act: press(/^(Пригласить|Invite)$/) },
    { name: 'accounts-people-manage', who: 'coordinator', at: '/people', act: press(/^(Управлять доступом|Manage)/) },
    { name: 'accounts-outbox', who: 'coordinator', at: '/outbox' },
    { name: 'accounts-outbox-empty', who: 'coordinator', at: '/outbox', scene: 'empty' },
    { name: 'accounts-outbox-off', who: 'coordinator', at: '/outbox', scene: 'no-mail' },
    { name: 'webhooks', who: 'admin', at: '/webhooks' },
    { name: 'webhooks-empty', who: 'admin', at: '/webhooks', scene: 'empty' },
    { name: 'webhooks-make', who: 'admin', at: '/webhooks', scene: 'empty', act: press(/^(Добавить программу|Add a program)$/) },
    { name: 'webhooks-remove', who: 'admin', at: '/webhooks', act: press(/^(Удалить: journal|Remove: journal)/) },
    { name: 'webhooks-log', who: 'admin', at: '/webhooks/2' },
    { name: 'webhooks-log-empty', who: 'admin', at: '/webhooks/2', scene: 'empty' },
    { name: 'webhooks-people', who: 'admin', at: '/people' },
    { name: 'retention', who: 'coordinator', at: '/retention' },
    { name: 'retention-empty', who: 'coordinator', at: '/retention', scene: 'empty' },
    { name: 'retention-running', who: 'coordinator', at: '/retention', scene: 'running' },
    { name: 'retention-done', who: 'coordinator', at: '/retention', scene: 'done' },
    { name: 'retention-sure', who: 'coordinator', at: '/retention', act: press(/^(Подтвердить список|Confirm the list)$/) },
    { name: 'retention-hold', who: 'coordinator', at: '/retention', act: press(/^(Удержать данные|Put on hold)$/) },
    { name: 'retention-list', who: 'coordinator', at: '/retention/12?kind=child' },
    { name: 'retention-list-empty', who: 'coordinator', at: '/retention/12?kind=chat', scene: 'empty' },
    { name: 'accounts-security', who: 'mentor', at: '/security', scene: 'second' },
    { name: 'accounts-second', who: 'mentor', at: '/security', act: press(/^(Включить второй шаг|Set up the second step)$/) },
    { name: 'accounts-owed', who: 'coordinator', at: '/', scene: 'owed' },
    { name: 'child-home', who: 'child', at: '/' },
    { name: 'child-home-early', who: 'child', at: '/', scene: 'early' },
    { name: 'child-home-empty', who: 'child', at: '/', scene: 'empty' },
    { name: 'child-home-invited', who: 'child', at: '/', scene: 'invited' },
    { name: 'child-down', who: 'child', at: '/', scene: 'day-down' },
    { name: 'child-not-today', who: 'child', at: '/', act: press(/Сегодня не могу|Not today/) },
    { name: 'child-help', who: 'child', at: '/', act: press(/Помощь|Help/) },
    { name: 'settings-child', who: 'child', at: '/', act: press(/Настройки|Settings/) },
    { name: 'mentor-day', who: 'mentor', at: '/' },
    { name: 'mentor-empty', who: 'mentor', at: '/', scene: 'empty' },
    { name: 'mentor-note', who: 'mentor', at: '/', act: press(/^(Записать|Write it)$/) },
    { name: 'board', who: 'coordinator', at: '/' },
    { name: 'board-quiet', who: 'coordinator', at: '/', scene: 'empty' },
    { name: 'board-stale', who: 'coordinator', at: '/', scene: 'stale' },
    { name: 'board-no-show-noted', who: 'coordinator', at: '/', scene: 'noted' },
    { name: 'board-no-show-none', who: 'coordinator', at: '/', scene: 'no-times' },
    { name: 'board-no-show-made', who: 'coordinator', at: '/', scene: 'made', act: press(/(Ср|Wed) 25.*10:05|(Ср|Wed).*25.*10:05/) },
    { name: 'lesson-no-show', who: 'coordinator', at: '/', act: press(/^(Лиза|Liza).*(Английский|English)/) },
    { name: 'timetable', who: 'coordinator', at: '/timetable' },
    { name: 'timetable-empty', who: 'coordinator', at: '/timetable?date=2026-11-24' },
    { name: 'timetable-lesson', who: 'coordinator', at: '/timetable', act: press(/(Егор Тихонов|Egor Tikhonov).*11:20|11:20.*(Егор Тихонов|Egor Tikhonov)/) },
    { name: 'timetable-new', who: 'coordinator', at: '/timetable', act: press(/Новый урок|New lesson/) },
    { name: 'timetable-conflict', who: 'coordinator', at: '/timetable', act: async (page) => {
        await page.getByRole('button', { name: /(Егор Тихонов|Egor Tikhonov).*11:20|11:20.*(Егор Тихонов|Egor Tikhonov)/ }).first().click();
        await page.getByRole('button', { name: /^(Перенести|Move)$/ }).click();
        await page.locator('input[type=time]').fill('11:00');
        await page.getByRole('textbox', { name: /Причина|Reason/ }).fill('x');
        await page.getByRole('button', { name: /^(Перенести|Move)$/ }).click();
        await page.getByRole('alert').waitFor();
    } },
    { name: 'plan', who: 'coordinator', at: '/plan' },
    { name: 'plan-running', who: 'coordinator', at: '/plan', scene: 'plan-running' },
    { name: 'plan-done', who: 'coordinator', at: '/plan', scene: 'plan-done' },
    { name: 'plan-repair', who: 'coordinator', at: '/plan', scene: 'plan-repair' },
    { name: 'plan-all', who: 'coordinator', at: '/plan', scene: 'plan-all' },
    { name: 'plan-failed', who: 'coordinator', at: '/plan', scene: 'plan-failed' },
    { name: 'plan-busy', who: 'coordinator', at: '/plan', scene: 'plan-busy', act: async (page) => {
        await page.getByRole('button', { name: /^(Предложить|Propose)$/ }).click();
        await page.getByRole('alert').waitFor();
    } },
    { name: 'week', who: 'coordinator', at: '/week?of=child-40' },
    { name: 'week-centre', who: 'coordinator', at: '/week?of=centre', scene: 'more' },
    { name: 'week-empty', who: 'coordinator', at: '/week?of=centre', scene: 'empty' },
    { name: 'week-mentor', who: 'mentor', at: '/week?of=mentor-own' },
    { name: 'week-family', who: 'guardian', at: '/week?of=child-40' },
    { name: 'week-held', who: 'coordinator', at: '/week?of=child-40', act: async (page) => {
        await page.locator('[data-lesson="705"]').focus();
        await page.keyboard.press('m');
        for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
    } },
    { name: 'week-refused', who: 'coordinator', at: '/week?of=child-40', act: async (page) => {
        await page.locator('[data-lesson="705"]').focus();
        if (!(await page.locator('.week-grid').count())) return; // a phone has the list
        for (const key of ['m', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
        await page.getByRole('textbox', { name: /Причина|Reason/ }).fill('x');
        await page.getByRole('dialog').getByRole('button', { name: /^(Перенести|Move)$/ }).click();
        await page.getByRole('alert').waitFor();
    } },
    { name: 'series', who: 'coordinator', at: '/series' },
    { name: 'series-empty', who: 'coordinator', at: '/series', scene: 'empty' },
    { name: 'series-down', who: 'coordinator', at: '/series', scene: 'series-down' },
    { name: 'series-child', who: 'coordinator', at: '/series?of=child-40' },
    { name: 'series-none', who: 'coordinator', at: '/series?of=child-48' },
    { name: 'series-end', who: 'coordinator', at: '/series', act: async (page) => {
        await page.getByRole('button', { name: /^(Закончить|End):/ }).first().click();
        await page.getByRole('dialog').getByRole('button', { name: /^(Закончить серию|End the series)$/ }).click();
        await page.locator('.field-problem').waitFor();
    } },
    { name: 'series-stale', who: 'coordinator', at: '/series', scene: 'series-stale', act: async (page) => {
        await page.getByRole('button', { name: /^(Закончить|End):/ }).first().click();
        await page.getByRole('dialog').locator('textarea').fill('x');
        await page.getByRole('dialog').getByRole('button', { name: /^(Закончить серию|End the series)$/ }).click();
        await page.getByRole('alert').waitFor();
    } },
    { name: 'series-ended', who: 'coordinator', at: '/series', act: async (page) => {
        await page.getByRole('button', { name: /^(Закончить|End):/ }).first().click();
        await page.getByRole('dialog').locator('textarea').fill('x');
        await page.getByRole('dialog').getByRole('button', { name: /^(Закончить серию|End the series)$/ }).click();
        await page.getByRole('status').first().waitFor();
        await page.locator('[data-live-announcer] [role=img]').waitFor({ state: 'detached' });
    } },
    { name: 'draft', who: 'coordinator', at: '/draft/8', scene: 'clash' },
    { name: 'draft-ready', who: 'coordinator', at: '/draft/8' },
    { name: 'draft-many', who: 'coordinator', at: '/draft/8', scene: 'many' },
    { name: 'draft-many-open', who: 'coordinator', at: '/draft/8', scene: 'many', act: async (page) => { await page.locator('summary').first().click(); } },
    { name: 'draft-many-broken', who: 'coordinator', at: '/draft/8', scene: 'many', act: async (page) => { await page.locator('.draft-view select').first().selectOption('broken'); } },
    { name: 'draft-many-days', who: 'coordinator', at: '/draft/8', scene: 'many', act: async (page) => { await page.locator('.draft-view select').last().selectOption('day'); } },
    { name: 'draft-outdated', who: 'coordinator', at: '/draft/8', scene: 'outdated' },
    { name: 'draft-empty', who: 'coordinator', at: '/draft/8', scene: 'empty' },
    { name: 'feed', who: 'mentor', at: '/', act: async (page) => {
        await page.locator('.office-me').click();
        await page.getByRole('button', { name: /Создать|Make a/ }).click();
        await page.getByRole('textbox').waitFor();
    } },
    { name: 'events', who: 'coordinator', at: '/events' },
    { name: 'events-empty', who: 'coordinator', at: '/events', scene: 'empty' },
    { name: 'events-down', who: 'mentor', at: '/events', scene: 'events-down' },
    { name: 'events-mine', who: 'school_officer', at: '/events' },
    { name: 'events-family', who: 'guardian', at: '/events' },
    { name: 'events-child', who: 'child', at: '/events', scene: 'invited' },
    { name: 'events-child-empty', who: 'child', at: '/events' },
    { name: 'events-page-child', who: 'child', at: '/event/5', scene: 'invited' },
    { name: 'events-new', who: 'coordinator', at: '/event/new', act: async (page) => {
        await page.getByRole('button', { name: /^(Добавить вопрос|Add an item)$/ }).click();
        await page.getByRole('button', { name: /^(Назначить и написать|Call it and write to them)$/ }).click();
        await page.getByRole('alert').waitFor();
    } },
    { name: 'events-edit', who: 'coordinator', at: '/event-edit/5' },
    { name: 'events-page', who: 'coordinator', at: '/event/5' },
    { name: 'events-page-family', who: 'guardian', at: '/event/5' },
    { name: 'events-page-late', who: 'school_officer', at: '/event/5', scene: 'event-late', act: async (page) => {
        await page.getByRole('button', { name: /^(Приду|I will come)$/ }).click();
        await page.getByRole('alert').waitFor();
    } },
    { name: 'events-page-cancelled', who: 'mentor', at: '/event/5', scene: 'event-cancelled' },
    { name: 'events-page-begun', who: 'mentor', at: '/event/5', scene: 'event-begun', act: async (page) => {
        await page.getByRole('button', { name: /^(Закрыть протокол|Close the minutes)$/ }).click();
        await page.getByRole('alert').waitFor();
        await page.locator('[data-live-announcer] [role=img]').first().waitFor({ state: 'detached' });
    } },
    { name: 'events-page-closed', who: 'mentor', at: '/event/5', scene: 'event-closed' },
    { name: 'events-page-signed', who: 'school_officer', at: '/event/5', scene: 'event-signed' },
    { name: 'events-invite', who: 'coordinator', at: '/event/5', act: press(/^(Пригласить|Invite)$/) },
    { name: 'events-invite-child', who: 'coordinator', at: '/event/5', act: press(/^(Пригласить ребёнка|Invite a child)$/) },
    { name: 'events-move', who: 'coordinator', at: '/event/5', act: press(/^(Перенести|Move)$/) },
    { name: 'mentors', who: 'coordinator', at: '/mentors' },
    { name: 'mentors-empty', who: 'coordinator', at: '/mentors', scene: 'empty' },
    { name: 'mentors-down', who: 'coordinator', at: '/mentors', scene: 'hiring-down' },
    { name: 'mentors-school', who: 'school_officer', at: '/mentors' },
    { name: 'mentors-school-empty', who: 'school_officer', at: '/mentors', scene: 'empty' },
    { name: 'mentors-substitute', who: 'coordinator', at: '/mentors', act: press(/Найти замену|Find a substitute/) },
    { name: 'mentors-nobody', who: 'coordinator', at: '/mentors', scene: 'nobody', act: press(/Найти замену|Find a substitute/) },
    { name: 'mentors-move', who: 'coordinator', at: '/mentors', act: press(/Ребёнок меняет школу|A child changes school/) },
    { name: 'mentor-file', who: 'coordinator', at: '/mentor/15' },
    { name: 'mentor-file-look', who: 'coordinator', at: '/mentor/15', act: press(/^(Проверить|Check): (Трудовая книжка|Work book)/) },
    { name: 'mentor-file-expired', who: 'coordinator', at: '/mentor/14' },
    { name: 'mentor-file-suspend', who: 'coordinator', at: '/mentor/12', act: press(/^(Отстранить|Suspend)/) },
    { name: 'mentor-file-interview', who: 'coordinator', at: '/mentor/15', act: press(/Записать беседу|Enter an interview/) },
    { name: 'mentor-file-gone', who: 'coordinator', at: '/mentor/15', scene: 'hiring-down' },
    { name: 'mentor-file-school', who: 'school_officer', at: '/mentor/17' },
    { name: 'mentor-file-order', who: 'school_officer', at: '/mentor/17', act: press(/^(Оформить приказ|Make the order)/) },
    { name: 'papers', who: 'mentor', at: '/mentors' },
    { name: 'papers-empty', who: 'mentor', at: '/mentors', scene: 'empty' },
    { name: 'papers-returned', who: 'mentor', at: '/mentors', scene: 'returned' },
    { name: 'papers-order', who: 'mentor', at: '/mentors', scene: 'order' },
    { name: 'papers-expired', who: 'mentor', at: '/mentors', scene: 'expired' },
    { name: 'papers-day', who: 'mentor', at: '/', scene: 'returned' },
    { name: 'papers-send', who: 'mentor', at: '/mentors', scene: 'returned', act: press(/^(Отправить|Send): (Оценочный лист|Rating sheet)/) },
    { name: 'papers-same-file', who: 'mentor', at: '/mentors', scene: 'same-file', act: async (page) => {
        await page.getByRole('button', { name: /^(Отправить|Send): (Копия награды|Copy of an award)/ }).first().click();
        await page.locator('input[type=file]').setInputFiles({ name: 'scan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') });
        await page.getByLabel(/^(Дата выдачи|Issued on)/).fill('2026-09-01');
        await page.getByRole('dialog').getByRole('button', { name: /^(Отправить|Send)$/ }).click();
        await page.getByRole('alert').waitFor();
    } },
    { name: 'papers-wrong-type', who: 'mentor', at: '/mentors', act: async (page) => {
        await page.getByRole('button', { name: /^(Отправить|Send): (Копия награды|Copy of an award)/ }).first().click();
        await page.locator('input[type=file]').setInputFiles({ name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
    } },
    { name: 'papers-incomplete', who: 'mentor', at: '/mentors', scene: 'papers', act: async (page) => {
        await page.getByRole('button', { name: /^(Отправить в центр|Send to the centre)/ }).click();
        await page.getByRole('alert').waitFor();
    } },
    { name: 'papers-course', who: 'mentor', at: '/mentors', act: press(/Добавить курс|Enter a course/) },
    { name: 'papers-subject', who: 'mentor', at: '/mentors', act: press(/Добавить предмет|Enter a subject/) },
    { name: 'papers-apply', who: 'mentor', at: '/mentors', scene: 'empty', act: press(/Подать заявление в школу|Apply at a school/) },
    { name: 'can-teach', who: 'coordinator', at: '/can-teach/12?child=40' },
    { name: 'can-teach-yes', who: 'coordinator', at: '/can-teach/12?child=46' },
    { name: 'can-teach-choose', who: 'coordinator', at: '/can-teach/12' },
    { name: 'can-teach-own', who: 'mentor', at: '/can-teach/12?child=40' },
    { name: 'can-teach-plan', who: 'coordinator', at: '/can-teach/12?child=40', act: press(/Назначить встречу|Plan the meeting/) },
    { name: 'can-teach-met', who: 'coordinator', at: '/can-teach/12?child=40', act: press(/Знакомство уже было|They have met already/) },
    { name: 'log', who: 'guardian', at: '/' },
    { name: 'log-disputed', who: 'guardian', at: '/', scene: 'disputed' },
    { name: 'log-wrong', who: 'guardian', at: '/', act: press(/^(Что-то не так|Something is wrong)/) },
    { name: 'log-empty', who: 'guardian', at: '/', scene: 'empty' },
    { name: 'log-office', who: 'coordinator', at: '/log/40' },
    { name: 'sections', who: 'guardian', at: '/sections' },
    { name: 'sections-empty', who: 'child', at: '/sections', scene: 'empty' },
    { name: 'sections-office', who: 'coordinator', at: '/sections' },
    { name: 'section', who: 'guardian', at: '/section/1' },
    { name: 'section-office', who: 'coordinator', at: '/section/1' },
    { name: 'choices-child', who: 'child', at: '/choices/40' },
    { name: 'choices-empty', who: 'child', at: '/choices/40', scene: 'empty' },
    { name: 'choices', who: 'guardian', at: '/choices/40' },
    { name: 'choices-choose', who: 'guardian', at: '/choices/40', act: press(/^(Выбрать из списка|Choose from the list)/) },
    { name: 'consents', who: 'guardian', at: '/consents/40' },
    { name: 'consents-answered', who: 'guardian', at: '/consents/40', scene: 'answered' },
    { name: 'consents-withdraw', who: 'guardian', at: '/consents/40', act: press(/^(Отозвать: Уроки с|Take back: Lessons with)/) },
    { name: 'consents-withdrawn', who: 'guardian', at: '/consents/40', act: async (page) => {
        await page.getByRole('button', { name: /^(Отозвать: Уроки с|Take back: Lessons with)/ }).click();
        await page.getByRole('dialog').getByRole('button', { name: /^(Отозвать|Take back)$/ }).click();
        await page.getByRole('status').first().waitFor();
        await page.locator('[data-live-announcer] [role=img]').waitFor({ state: 'detached' });
    } },
    { name: 'consents-office', who: 'coordinator', at: '/consents/40' },
    { name: 'consents-paper', who: 'coordinator', at: '/consents/40', act: press(/^(Внести подписанное: Запись|Enter a signed paper: Recording)/) },
    { name: 'reports', who: 'school_officer', at: '/' },
    { name: 'reports-empty', who: 'school_officer', at: '/', scene: 'empty' },
    { name: 'report', who: 'school_officer', at: '/reports/12-40-12-2026-11' },
    { name: 'report-office', who: 'coordinator', at: '/reports/12-40-12-2026-11' },
    { name: 'report-mentor', who: 'mentor', at: '/reports/12-40-12-2026-11' },
    { name: 'report-returned', who: 'mentor', at: '/reports/12-40-12-2026-11', scene: 'returned' },
    { name: 'report-none', who: 'mentor', at: '/reports/12-40-12-2026-11', scene: 'empty' },
    { name: 'report-corrected', who: 'coordinator', at: '/reports/12-40-12-2026-11', scene: 'corrected' },
    { name: 'report-return', who: 'coordinator', at: '/reports/12-40-12-2026-11', act: press(/^(Вернуть|Return)$/) },
    { name: 'reports-office', who: 'coordinator', at: '/reports' },
    { name: 'marks-sheets', who: 'mentor', at: '/sheets' },
    { name: 'marks-sheets-empty', who: 'mentor', at: '/sheets', scene: 'empty' },
    { name: 'marks-sheets-office', who: 'coordinator', at: '/sheets' },
    { name: 'marks-sheets-school', who: 'school_officer', at: '/sheets' },
    { name: 'marks-sheets-said', who: 'school_officer', at: '/sheets', act: async (page) => { await press(/^(Подтвердить получение|Acknowledge)/)(page); await page.locator('.acknowledge [role=status]').waitFor(); } },
    { name: 'marks-sheet', who: 'mentor', at: '/sheets/12-40-12-4-2026-09-01' },
    { name: 'marks-sheet-set', who: 'mentor', at: '/sheets/12-40-12-4-2026-09-01', scene: 'set' },
    { name: 'marks-sheet-office', who: 'coordinator', at: '/sheets/12-40-12-4-2026-09-01', scene: 'corrected' },
    { name: 'marks-sheet-school', who: 'school_officer', at: '/sheets/12-40-12-4-2026-09-01' },
    { name: 'marks-child', who: 'child', at: '/marks/40' },
    { name: 'marks-child-empty', who: 'child', at: '/marks/40', scene: 'empty' },
    { name: 'marks-family', who: 'guardian', at: '/marks/40' },
    { name: 'wellbeing', who: 'mentor', at: '/wellbeing/12-40-12-2026-11' },
    { name: 'wellbeing-office', who: 'coordinator', at: '/wellbeing/12-40-12-2026-11' },
    { name: 'wellbeing-none', who: 'coordinator', at: '/wellbeing/12-40-12-2026-11', scene: 'empty' },
    { name: 'timesheet', who: 'coordinator', at: '/timesheet' },
    { name: 'timesheet-lessons', who: 'mentor', at: '/timesheet', act: async (page) => { await page.locator('select').selectOption('quarters'); } },
    { name: 'timesheet-empty', who: 'coordinator', at: '/timesheet', scene: 'empty' },
    { name: 'figures', who: 'coordinator', at: '/figures?from=2026-09&to=2026-11' },
    { name: 'figures-narrow', who: 'school_officer', at: '/figures?by=mentor&mentor=12' },
    { name: 'figures-empty', who: 'mentor', at: '/figures', scene: 'empty' },
    { name: 'figures-down', who: 'coordinator', at: '/figures', scene: 'figures-down' },
    { name: 'figures-rows', who: 'coordinator', at: '/figures/rows?figure=not_held&from=2026-09&to=2026-11' },
    { name: 'figures-rows-empty', who: 'mentor', at: '/figures/rows?figure=tech_server', scene: 'empty' },
    { name: 'archive-running', who: 'coordinator', at: '/reports', scene: 'archive-running' },
    { name: 'archive-done', who: 'coordinator', at: '/reports', scene: 'archive-done' },
    { name: 'archive-broken-off', who: 'coordinator', at: '/reports', scene: 'archive-broken-off' },
    { name: 'intake-needs', who: 'school_officer', at: '/needs' },
    { name: 'intake-needs-below', who: 'school_officer', at: '/needs', act: async (page) => {
        await press(/^(Заявить: ноябрь|Declare November)/)(page);
        await page.locator('input[type=number]').fill('2');
        await press(/^(Отправить в центр|Send to the centre)$/)(page);
        await page.locator('.field-problem').waitFor();
    } },
    { name: 'intake-needs-centre', who: 'coordinator', at: '/needs' },
    { name: 'intake-needs-empty', who: 'coordinator', at: '/needs', scene: 'empty' },
    { name: 'intake-needs-down', who: 'coordinator', at: '/needs', scene: 'intake-down' },
    { name: 'intake-referrals', who: 'school_officer', at: '/referrals' },
    { name: 'intake-referrals-empty', who: 'school_officer', at: '/referrals', scene: 'empty' },
    { name: 'intake-new', who: 'school_officer', at: '/referral/new' },
    { name: 'intake-new-papers', who: 'school_officer', at: '/referral/new', act: async (page) => {
        for (let n = 0; n < 2; n++) await press(/^(Внести|Enter it)$/)(page);
        await page.locator('textarea').last().scrollIntoViewIfNeeded();
    } },
    { name: 'intake-new-bad', who: 'school_officer', at: '/referral/new', scene: 'bad', act: async (page) => {
        await press(/^(Сохранить черновик|Save the draft)$/)(page);
        await page.getByRole('alert').waitFor();
    } },
    { name: 'intake-draft', who: 'school_officer', at: '/referral/1' },
    { name: 'intake-asked', who: 'school_officer', at: '/referral/4' },
    { name: 'intake-asked-stale', who: 'school_officer', at: '/referral/4', scene: 'stale', act: async (page) => {
        await press(/^(Сохранить|Save)$/)(page);
        await page.getByRole('alert').waitFor();
    } },
    { name: 'intake-scan-bad', who: 'school_officer', at: '/referral/4', act: async (page) => {
        await page.locator('input[type=file]').first().setInputFiles({ name: 'scan.txt', mimeType: 'text/plain', buffer: Buffer.from('{}') });
        await page.getByRole('alert').waitFor();
    } },
    { name: 'intake-sent', who: 'school_officer', at: '/referral/2' },
    { name: 'intake-withdraw', who: 'school_officer', at: '/referral/2', act: press(/^(Отозвать|Withdraw)$/) },
    { name: 'intake-refused', who: 'school_officer', at: '/referral/6' },
    { name: 'intake-queue', who: 'coordinator', at: '/intake' },
    { name: 'intake-queue-empty', who: 'coordinator', at: '/intake', scene: 'empty' },
    { name: 'intake-all', who: 'coordinator', at: '/referrals' },
    { name: 'intake-review-free', who: 'coordinator', at: '/referral/2' },
    { name: 'intake-review-own', who: 'coordinator', at: '/referral/2', scene: 'own', act: async (page) => {
        await press(/^(Взять на рассмотрение|Take into review)$/)(page);
        await page.getByRole('alert').waitFor();
    } },
    { name: 'intake-review-alike', who: 'coordinator', at: '/referral/3' },
    { name: 'intake-decide', who: 'coordinator', at: '/referral/3', act: press(/^(Решить|Decide)$/) },
    { name: 'intake-ask', who: 'coordinator', at: '/referral/3', act: press(/^(Попросить дополнить|Ask for completion)$/) },
    { name: 'intake-medical-why', who: 'coordinator', at: '/referral/3', act: press(/^(Открыть и сказать зачем|Open and say why)$/) },
    { name: 'intake-medical', who: 'coordinator', at: '/referral/3', act: async (page) => {
        await press(/^(Открыть и сказать зачем|Open and say why)$/)(page);
        await page.getByRole('dialog').getByRole('button', { name: /^(Открыть|Open)$/ }).click();
        await page.locator('.intake-words').waitFor();
    } },
    { name: 'intake-accepted', who: 'coordinator', at: '/referral/5' },
    { name: 'intake-register', who: 'coordinator', at: '/register' },
    { name: 'intake-register-empty', who: 'coordinator', at: '/register', scene: 'empty' },
    { name: 'intake-case', who: 'coordinator', at: '/case/42' },
    { name: 'intake-case-active', who: 'coordinator', at: '/case/42', scene: 'active' },
    { name: 'intake-case-suspended', who: 'coordinator', at: '/case/42', scene: 'suspended' },
    { name: 'intake-case-closed', who: 'coordinator', at: '/case/42', scene: 'closed' },
    { name: 'intake-case-none', who: 'coordinator', at: '/case/42', scene: 'none' },
    { name: 'intake-case-school', who: 'school_officer', at: '/case/40' },
    { name: 'intake-case-close', who: 'coordinator', at: '/case/42', act: async (page) => {
        await press(/^(Закрыть дело|Close the case)$/)(page);
        await page.getByRole('dialog').getByRole('button', { name: /^(Закрыть дело|Close the case)$/ }).click();
        await page.getByRole('alert').waitFor();
    } },
    { name: 'import', who: 'coordinator', at: '/import' },
    { name: 'import-faults', who: 'coordinator', at: '/import', scene: 'faults', act: look },
    { name: 'import-good', who: 'coordinator', at: '/import', act: look },
    { name: 'import-done', who: 'coordinator', at: '/import', act: async (page) => { await look(page); await page.getByRole('button', { name: /Записать|Write/ }).click(); await page.getByRole('status').waitFor(); } },
    { name: 'children', who: 'coordinator', at: '/children' },
    { name: 'programmes', who: 'coordinator', at: '/programmes' },
    { name: 'programmes-empty', who: 'coordinator', at: '/programmes', scene: 'empty' },
    { name: 'programmes-enter', who: 'coordinator', at: '/programmes', act: press(/Внести программу|Enter a programme/) },
    { name: 'programme', who: 'coordinator', at: '/programme/40' },
    { name: 'programme-empty', who: 'coordinator', at: '/programme/40', scene: 'empty' },
    { name: 'programme-faults', who: 'mentor', at: '/programme/40', scene: 'faults' },
    { name: 'programme-edit', who: 'mentor', at: '/programme/40', scene: 'faults', act: press(/^(Изменить|Change)$/) },
    { name: 'programme-return', who: 'coordinator', at: '/programme/40', act: press(/^(Вернуть|Return)$/) },
    { name: 'candidates', who: 'coordinator', at: '/candidates/40' },
    { name: 'candidates-blocked', who: 'coordinator', at: '/candidates/40', scene: 'blocked' },
    { name: 'candidates-taken', who: 'coordinator', at: '/candidates/40', scene: 'taken', act: async (page) => {
        await page.getByRole('button', { name: /^(Назначить|Choose) ?:?/ }).first().click();
        await page.getByRole('textbox').fill('x');
        await page.getByRole('button', { name: /^(Назначить|Choose)$/ }).last().click();
        await page.getByRole('alert').waitFor();
    } },
    { name: 'hours', who: 'guardian', at: '/hours/child/40' },
    { name: 'hours-empty', who: 'coordinator', at: '/hours/child/40', scene: 'empty' },
    { name: 'hours-mentor', who: 'mentor', at: '/hours/mentor/12' },
    { name: 'section-new', who: 'coordinator', at: '/section/new' },
    { name: 'section-new-provider', who: 'coordinator', at: '/section/new', act: press(/Новая организация|New organisation/) },
    { name: 'calendar', who: 'coordinator', at: '/calendar/12' },
    { name: 'calendar-empty', who: 'school_officer', at: '/calendar/12', scene: 'empty' },
    { name: 'calendar-meets', who: 'coordinator', at: '/calendar/12', act: async (page) => { await page.locator('input[type=date]').first().fill('2026-11-25'); } },
    { name: 'children-school', who: 'school_officer', at: '/children' },
];
