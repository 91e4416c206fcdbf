// SPDX-License-Identifier: Apache-2.0
//
// Every screen and state that is drawn and checked: who looks, where, in which scene of the made-up
// world, and what is pressed first.
const press = (name) => async (page) => { await page.getByRole('button', { name }).first().click(); };

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
    { name: 'children', who: 'coordinator', at: '/children' },
    { name: 'children-school', who: 'school_officer', at: '/children' },
];
