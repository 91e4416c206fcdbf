// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, type RefObject } from 'react';
import { useI18n } from '../i18n/index.tsx';

/**
 * Names the page for the browser and for those who listen. When one screen replaces another, focus
 * goes to the heading that the ref is given to; on the first screen it stays where the browser put it.
 */
export function useTitle(title: string, problem = false): RefObject<HTMLHeadingElement | null> {
    const { t } = useI18n();
    const heading = useRef<HTMLHeadingElement>(null);
    useEffect(() => {
        const named = t('common.page_title', { title });
        document.title = problem ? t('common.error_title', { title: named }) : named;
    }, [t, title, problem]);
    useEffect(() => {
        if (moved && document.activeElement === document.body) heading.current?.focus();
        moved = true;
    }, []);
    return heading;
}

let moved = false;
