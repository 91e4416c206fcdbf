// SPDX-License-Identifier: Apache-2.0
//
// Names of the zones that Parta's schools live in. Browsers drop these names from their language data,
// so they are kept here; other zones are called by the city in their identifier.
const RU: Record<string, string> = {
    'Europe/Kaliningrad': 'Калининград', 'Europe/Moscow': 'Москва', 'Europe/Simferopol': 'Симферополь', 'Europe/Kirov': 'Киров',
    'Europe/Volgograd': 'Волгоград', 'Europe/Astrakhan': 'Астрахань', 'Europe/Saratov': 'Саратов', 'Europe/Ulyanovsk': 'Ульяновск',
    'Europe/Samara': 'Самара', 'Asia/Yekaterinburg': 'Екатеринбург', 'Asia/Omsk': 'Омск', 'Asia/Novosibirsk': 'Новосибирск',
    'Asia/Barnaul': 'Барнаул', 'Asia/Tomsk': 'Томск', 'Asia/Novokuznetsk': 'Новокузнецк', 'Asia/Krasnoyarsk': 'Красноярск',
    'Asia/Irkutsk': 'Иркутск', 'Asia/Chita': 'Чита', 'Asia/Yakutsk': 'Якутск', 'Asia/Khandyga': 'Хандыга', 'Asia/Vladivostok': 'Владивосток',
    'Asia/Ust-Nera': 'Усть-Нера', 'Asia/Magadan': 'Магадан', 'Asia/Sakhalin': 'Сахалин', 'Asia/Srednekolymsk': 'Среднеколымск',
    'Asia/Kamchatka': 'Камчатка', 'Asia/Anadyr': 'Анадырь', 'Europe/London': 'Лондон', 'Europe/Berlin': 'Берлин', 'America/New_York': 'Нью-Йорк',
    UTC: 'UTC',
};

export function zoneName(tz: string, russian: boolean): string {
    const city = (tz.split('/').pop() ?? tz).replace(/_/g, ' ');
    return russian ? (RU[tz] ?? city) : city;
}
