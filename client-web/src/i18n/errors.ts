// SPDX-License-Identifier: Apache-2.0
//
// The sentence for a call that failed. Codes that need more than a sentence (conflict) are the
// screen's business.
import { Offline, Refused } from '../core/api.ts';
import type { Role } from '../core/api.gen.ts';
import type { Translate } from './translate.ts';

export const speakTo = (role: Role | undefined): 'child' | 'adult' => (role === 'child' ? 'child' : 'adult');

export function errorSentence(t: Translate, error: unknown, role?: Role): string {
    const who = speakTo(role);
    if (error instanceof Offline) return t('error.offline', { who });
    if (!(error instanceof Refused)) return t('error.unavailable', { who });
    const { code, gate } = error.error;
    switch (code) {
        case 'not_allowed': return t('error.not_allowed', { who });
        case 'not_found': return t('error.not_found', { who });
        case 'need_code':
        case 'bad_code': return t('error.bad_code');
        case 'bad_password': return t('error.bad_password');
        case 'enrol_first': return t('error.enrol_first');
        case 'link_gone': return t('error.link_gone');
        case 'login_taken': return t('error.login_taken');
        case 'address_taken': return t('error.address_taken');
        case 'no_mail': return t('error.no_mail');
        case 'own_account': return t('error.own_account');
        case 'not_now': return t('error.not_now');
        case 'outdated': return t('error.outdated');
        case 'locked': return t('error.locked');
        case 'key_reused': return t('error.key_reused');
        case 'stale':
        case 'need_match': return t('error.stale');
        case 'too_many': return t('error.too_many', { who });
        case 'same_file': return t('error.same_file');
        case 'bad_file': return t('error.bad_file');
        case 'bad_field':
        case 'malformed':
        case 'too_large': return t('error.bad_field');
        case 'gate': return gate ? t(`error.gate.${gate}`) : t('error.not_allowed', { who });
        default: return t('error.unavailable', { who });
    }
}
