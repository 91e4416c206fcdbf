// SPDX-License-Identifier: Apache-2.0
//
// The way to what a child is invited to. Events are for adults: it stands here only when the server
// lists one for this child, by an exception that the family agreed to.
import { Presentation } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useLoad } from '../../hooks/useLoad.ts';
import { useLink } from '../../hooks/useRoute.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';

export function InvitedLink() {
    const { t } = useI18n();
    const link = useLink();
    const { data } = useLoad('invited', (signal) => api.events({ when: 'ahead' }, signal));
    const n = data?.items.filter((e) => e.state !== 'cancelled').length ?? 0;
    return n > 0 ? <LinkButton icon={Presentation} {...link({ at: 'events' })}>{t('child.invited', { n })}</LinkButton> : null;
}
