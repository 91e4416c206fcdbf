// SPDX-License-Identifier: Apache-2.0
//
// Weeks by their Monday, as the planner names them.
import { addDays } from './wall.ts';

/** 1 Monday .. 7 Sunday of a calendar date. */
const weekday = (date: string): number => new Date(`${date}T12:00:00Z`).getUTCDay() || 7;

export const mondayOf = (date: string): string => addDays(date, 1 - weekday(date));

/** The week to plan when nobody said which: the next one. */
export const nextMonday = (today: string): string => addDays(mondayOf(today), 7);
