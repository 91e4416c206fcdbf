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
    { name: 'child-home', who: 'child', at: '/' },
    { name: 'child-home-early', who: 'child', at: '/', scene: 'early' },
    { name: 'child-home-empty', who: 'child', at: '/', scene: 'empty' },
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
    { name: 'reports', who: 'school_officer', at: '/' },
    { name: 'reports-empty', who: 'school_officer', at: '/', scene: 'empty' },
    { name: 'report', who: 'school_officer', at: '/reports/12-40-12-2026-11' },
    { name: 'report-office', who: 'coordinator', at: '/reports/12-40-12-2026-11' },
    { name: 'import', who: 'coordinator', at: '/import' },
    { name: 'import-faults', who: 'coordinator', at: '/import', scene: 'faults', act: look },
    { name: 'import-good', who: 'coordinator', at: '/import', act: look },
    { name: 'import-done', who: 'coordinator', at: '/import', act: async (page) => { await look(page); await page.getByRole('button', { name: /Записать|Write/ }).click(); await page.getByRole('status').waitFor(); } },
    { name: 'children', who: 'coordinator', at: '/children' },
    { name: 'children-school', who: 'school_officer', at: '/children' },
];
