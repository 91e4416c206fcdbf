// SPDX-License-Identifier: Apache-2.0

/** The tel: address of a number as people write it. */
export const phoneHref = (phone: string): string => `tel:${phone.replace(/[^+\d]/g, '')}`;
