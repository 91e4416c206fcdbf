// SPDX-License-Identifier: Apache-2.0
//
// The mentor's applications, one a school, each as a chain of stations with who holds it; and where else to
// apply.
import { useState } from 'react';
import { Plus, School as SchoolIcon } from 'lucide-react';
import { api } from '../../core/api.ts';
import { useAction } from '../../hooks/useAction.ts';
import { useMe } from '../../hooks/useSession.tsx';
import { useI18n } from '../../i18n/index.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { ApplicationCard } from './ApplicationCard.tsx';
import type { Part } from './MentorFile.tsx';
import { SheetForm } from './SheetForm.tsx';

export function Applications({ file, onFile, own }: Part) {
    const { t } = useI18n();
    const { role } = useMe();
    const [applying, setApplying] = useState(false);
    const may = (own || role === 'coordinator') && file.schools.length > 0;
    return (
        <section className="card" aria-labelledby="hiring-schools">
            <div className="panel-head">
                <h2 id="hiring-schools">{t('hiring.schools')}</h2>
                {may && <Button icon={Plus} onPress={() => { setApplying(true); }}>{t('hiring.apply')}</Button>}
            </div>
            {file.applications.length === 0 && <Empty icon={SchoolIcon} sentence={t(own ? 'hiring.no_application_own' : 'hiring.no_application')} />}
            {file.applications.map((a) => <ApplicationCard key={a.id} application={a} file={file} onFile={onFile} own={own} />)}
            {applying && <ApplySheet file={file} own={own} onClose={() => { setApplying(false); }} onFile={(f) => { setApplying(false); onFile(f); }} />}
        </section>
    );
}

/** Applies and begins at once: an application that nobody sees helps nobody. */
function ApplySheet({ file, onClose, onFile }: Part & { onClose: () => void }) {
    const { t } = useI18n();
    const [school, setSchool] = useState(file.schools.length === 1 ? String(file.schools[0]?.id) : '');
    const go = useAction(async (key) => {
        const made = await api.apply(file.mentor.id, Number(school), key);
        const a = made.applications.find((x) => x.school.id === Number(school) && x.state === 'draft');
        return a ? api.stepApplication(a.id, a.rev, { step: 'begin' }, `${key}-begin`) : made;
    }, onFile);
    return (
        <SheetForm title={t('hiring.apply')} doIt={t('hiring.do_apply')} onSubmit={() => { go.run(); }} onClose={onClose} pending={go.pending} error={go.error}
            blocked={school ? null : t('hiring.need_school')}>
            <SelectField label={t('hiring.school')} value={school} onChange={setSchool}>
                <option value="">{t('common.choose')}</option>
                {file.schools.map((s) => <option key={s.id} value={s.id}>{s.name}</option>)}
            </SelectField>
            <p className="quiet small">{t('hiring.apply_hint')}</p>
        </SheetForm>
    );
}
