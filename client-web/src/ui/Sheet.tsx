// SPDX-License-Identifier: Apache-2.0
//
// A sheet over the page for what needs an answer: rises from below on phones, stands in the middle
// elsewhere. Escape and the cross close it; focus returns to what opened it.
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { X } from 'lucide-react';
import { useI18n } from '../i18n/index.tsx';
import { IconButton } from './IconButton.tsx';
import './sheet.css';

export function Sheet({ open, onClose, title, children, wide }: {
    open: boolean; onClose: () => void; title: string; children: ReactNode; wide?: boolean;
}) {
    const { t } = useI18n();
    return (
        <ModalOverlay className="sheet-scrim" isOpen={open} onOpenChange={(is) => { if (!is) onClose(); }} isDismissable>
            <Modal className={`sheet${wide ? ' wide' : ''}`}>
                <Dialog className="sheet-body">
                    <div className="sheet-head">
                        <Heading slot="title" className="sheet-title">{title}</Heading>
                        <IconButton icon={X} name={t('common.close')} onPress={onClose} />
                    </div>
                    {children}
                </Dialog>
            </Modal>
        </ModalOverlay>
    );
}
