/* SPDX-License-Identifier: Apache-2.0
 *
 * What systemd wants to hear (sd_notify(3), its documented wire format): ready,
 * still alive, stopping. Does nothing outside of systemd. Net loop only.
 */
#ifndef PARTA_NET_NOTIFY_H
#define PARTA_NET_NOTIFY_H

/* A socket to $NOTIFY_SOCKET, or -1; the others accept -1. */
int notify_open(void);
void notify_ready(int fd);
void notify_alive(int fd);
void notify_stopping(int fd);
void notify_close(int fd);

#endif
