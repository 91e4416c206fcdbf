// SPDX-License-Identifier: Apache-2.0
//
// The verdict of a path test as a small sign with words, for those who look after others.
import type { PathVerdict } from '../../core/api.gen.ts';
import { Chip, type Tone } from '../../ui/Chip.tsx';
import type { Icon } from '../../ui/icon.ts';
import { LinkBars, type Strength } from '../../ui/LinkBars.tsx';
import { usePathWords } from './usePathWords.ts';

const bars = (strength: Strength): Icon => function Bars(props) { return <LinkBars strength={strength} {...props} />; };
const BARS: Record<PathVerdict, Icon> = { good: bars('full'), voice_sure: bars('two'), voice_only: bars('one'), call_us: bars('none') };
const TONE: Record<PathVerdict, Tone> = { good: 'ok', voice_sure: 'plain', voice_only: 'warn', call_us: 'bad' };

export function PathChip({ verdict }: { verdict: PathVerdict }) {
    return <Chip tone={TONE[verdict]} icon={BARS[verdict]}>{usePathWords().verdict(verdict, 'office')}</Chip>;
}
