// SPDX-License-Identifier: Apache-2.0
//
// Waiting for an answer: nothing for 300 ms, then quiet bars, after 4 s a sentence, after 15 s a way out.
import { useEffect, useState } from 'react';
import { RefreshCw } from 'lucide-react';
import { useI18n } from '../i18n/index.tsx';
import { Button } from './Button.tsx';
import './loading.css';

const STEPS = [300, 4000, 15000];

export function Loading({ rows = 3, onRetry }: { rows?: number; onRetry: () => void }) {
    const { t } = useI18n();
    const [step, setStep] = useState(0);
    useEffect(() => {
        const timers = STEPS.map((ms, i) => setTimeout(() => { setStep(i + 1); }, ms));
        return () => { timers.forEach(clearTimeout); };
    }, []);
    return (
        <div className="loading">
            {step >= 1 && Array.from({ length: rows }, (_, i) => <span key={i} className="loading-bar" aria-hidden />)}
            <p role="status" className="quiet">{step >= 2 ? t('common.loading') : ''}</p>
            {step >= 3 && <Button icon={RefreshCw} onPress={onRetry}>{t('common.try_again')}</Button>}
        </div>
    );
}
