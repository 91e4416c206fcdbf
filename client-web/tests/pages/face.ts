// SPDX-License-Identifier: Apache-2.0

/** A moving picture of somebody: a drawn face on a canvas. */
export function drawnFace(): MediaStreamTrack {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 360;
    const pen = canvas.getContext('2d');
    let n = 0;
    const disc = (x: number, y: number, r: number, colour: string) => {
        if (!pen) return;
        pen.fillStyle = colour;
        pen.beginPath();
        pen.arc(x, y, r, 0, 7);
        pen.fill();
    };
    const draw = () => {
        if (!pen) return;
        pen.fillStyle = '#dfcfaf';
        pen.fillRect(0, 0, 640, 360);
        disc(320, 150, 110, '#4a2d23');
        disc(320, 420, 170, '#2a6556');
        disc(320, 170, 84, '#efc6a6');
        disc(290, 160, 7, '#2b1a14');
        disc(350, 160, 7, '#2b1a14');
        disc(320, 215, 14 + (n++ % 5), '#9b4034');
        setTimeout(draw, 80);
    };
    draw();
    const track = canvas.captureStream(12).getVideoTracks()[0];
    if (!track) throw new Error('no track');
    return track;
}
