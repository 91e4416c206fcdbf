// SPDX-License-Identifier: Apache-2.0
//
// What an offer lacks that browsers can do. Pure text.

/** Lets lost voice packets be asked for again (RFC 4585 section 4.2): browsers answer such requests and make them, but
 *  do not offer it. Lines without Opus stay as they are. */
export function withVoiceRepeats(sdp: string): string {
    return sdp
        .split(/(?=^m=)/m)
        .map((section) => {
            const pt = /^a=rtpmap:(\d+) opus\/48000/im.exec(section)?.[1];
            if (!section.startsWith('m=audio') || pt === undefined || section.includes(`a=rtcp-fb:${pt} nack`)) return section;
            return section.replace(new RegExp(`^(a=rtpmap:${pt} .*)$`, 'm'), `$1\r\na=rtcp-fb:${pt} nack`);
        })
        .join('');
}
