// SPDX-License-Identifier: Apache-2.0
//
// What is written in the lesson: everyone sees everything, nothing is private. Text stays text.
import { useEffect, useRef, useState } from 'react';
import { Form, Input, Label, TextField } from 'react-aria-components';
import { Send } from 'lucide-react';
import { LIMITS } from '../../core/protocol.gen.ts';
import { useI18n } from '../../i18n/index.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import type { RoomModel } from './useRoom.ts';

export function Chat({ room }: { room: RoomModel }) {
    const { t } = useI18n();
    const [text, setText] = useState('');
    const end = useRef<HTMLLIElement>(null);
    const { chat, me, room: state, phase } = room.view.lesson;
    const mayWrite = phase === 'seated' && state !== 'waiting' && state !== 'ended';

    useEffect(() => { end.current?.scrollIntoView({ block: 'nearest' }); }, [chat.length]);

    const write = () => {
        const line = text.trim();
        if (line && room.session.send({ type: 'chat', text: line })) setText('');
    };
    return (
        <div className="chat">
            {chat.length === 0 && <p className="quiet">{t('room.chat_empty')}</p>}
            <ol className="chat-lines" aria-live="polite">
                {chat.map((line, i) => (
                    <li key={i} className={line.from === me ? 'mine' : ''} ref={i === chat.length - 1 ? end : null}>
                        <span className="chat-from">{line.name}</span>
                        <span className="chat-text">{line.text}</span>
                    </li>
                ))}
            </ol>
            <Form className="chat-form" onSubmit={(e) => { e.preventDefault(); write(); }}>
                <TextField className="chat-field" value={text} onChange={setText} maxLength={LIMITS.chat_chars} isDisabled={!mayWrite} autoComplete="off">
                    <Label className="spoken">{t('room.chat_label', { who: room.who })}</Label>
                    <Input placeholder={t('room.chat_placeholder')} />
                </TextField>
                <IconButton icon={Send} framed name={t('room.send')} type="submit" isDisabled={!mayWrite} />
            </Form>
        </div>
    );
}
