# SPDX-License-Identifier: Apache-2.0
"""A client behind a NAT that forgets, on the real server: its port changes, it does not know and sends no check.
Its media makes the server ask at the new address, and the answer moves the connection; the old address gets
nothing more. Somebody on the path who sends a caught packet on from elsewhere is asked too, cannot answer, and
gets no media."""
import asyncio

from people import Crowd, Elsewhere, hears, is_question, stun_answer, take_part
from world import World

MOVES = 5


async def moves(check, who, media):
    for n in range(MOVES):
        left = await media.move()
        ok = await hears(media)
        stale = len(left.got)
        await asyncio.sleep(0.3)
        check(f"{who}, change {n + 1}: heard and hearing at the new address, which was asked for it", ok and media.asked > n,
              f"asked {media.asked} times")
        check(f"{who}, change {n + 1}: the old address gets nothing more", len(left.got) == stale, f"{len(left.got) - stale}")


async def caught(check, media, other):
    """A packet goes to the server by way of a spy, ahead of the original, again and again."""
    loop = asyncio.get_running_loop()
    spy, seen = await loop.create_datagram_endpoint(Elsewhere, local_addr=("127.0.0.1", 0))
    send = media.send

    def ahead(data):
        if 128 <= data[0] <= 191:
            spy.sendto(data, ("127.0.0.1", media.world.port))
        send(data)
    media.send = ahead
    heard = len(other.heard)
    await asyncio.sleep(1)
    questions = [d for d in seen.got if is_question(d)]
    check("a spy who sends caught packets on is asked", questions, len(questions))
    for password in ("", "guess", media.ufrag):
        spy.sendto(stun_answer(questions[-1], password, spy.get_extra_info("sockname")[1]), ("127.0.0.1", media.world.port))
    mine = len(media.heard)
    await asyncio.sleep(1)
    check("its answers without the password move nothing: it gets no media", all(is_question(d) for d in seen.got),
          f"{len(seen.got)} datagrams")
    check("few questions, not one for each packet", len(seen.got) <= 10, len(seen.got))
    check("and the lesson does not notice", len(media.heard) > mine + 10 and len(other.heard) > heard + 20)
    media.send = send
    spy.close()


async def lesson(world, check):
    async with Crowd(world, "mentor1", "child1") as (mentor, child):
        number = await child.next_lesson()
        _, m = await take_part(mentor, number)
        _, c = await take_part(child, number)
        check("both hear each other", await hears(m) and await hears(c))
        await moves(check, "child", c)
        await moves(check, "mentor", m)
        await caught(check, c, m)
        for media in (m, c):
            media.close()


def run(parta, check):
    with World(parta) as world:
        asyncio.run(lesson(world, check))
        check.equal("ends with 0", world.stop(), 0)
