/* SPDX-License-Identifier: Apache-2.0
 *
 * Generated from common/protocol/protocol.json by gen.py: change that, not this.
 *
 * The signalling messages. A parsed message borrows its strings from `owner`
 * and owns its lists: release it with its free function. A message that is
 * only written borrows everything and needs no free.
 */
#ifndef PARTA_PROTOCOL_GEN_H
#define PARTA_PROTOCOL_GEN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/str.h"
#include "common/protocol/shape.h"

#define SIG_PROTOCOL "parta.1"
#define SIG_PATH "/ws"
#define SIG_WORD_MAX 64
#define SIG_LIMIT_MESSAGE_BYTES 40960 /* a message from the client, in bytes of UTF-8 */
#define SIG_LIMIT_SERVER_MESSAGE_BYTES 262144 /* a message from the server */
#define SIG_LIMIT_DEPTH 16 /* nesting of a message */
#define SIG_LIMIT_SDP_BYTES 32768 /* an SDP text, after unescaping */
#define SIG_LIMIT_CHAT_CHARS 1000 /* characters (code points) of a written line, at least 1 */
#define SIG_LIMIT_CHAT_BURST 5 /* written lines within `chat_window_ms` */
#define SIG_LIMIT_CHAT_WINDOW_MS 3000 /* see `chat_burst` */
#define SIG_LIMIT_CHAT_HISTORY 200 /* written lines a newcomer is told */
#define SIG_LIMIT_CHAT_HISTORY_BYTES 65536 /* text of those lines together; older lines are left out */
#define SIG_LIMIT_MESSAGE_BURST 40 /* messages a connection may send at once */
#define SIG_LIMIT_MESSAGE_PER_S 20 /* messages a second that refill the burst */
#define SIG_LIMIT_LINK_INTERVAL_MS 5000 /* shortest time between two `link` messages */
#define SIG_LIMIT_PING_S 1 /* how often a client sends `ping`; the attendance is as exact */
#define SIG_LIMIT_SILENT_MS 5000 /* nothing heard for so long: shown to the others as lost; a lost mentor freezes the room */
#define SIG_LIMIT_KEEP_SEAT_MS 15000 /* a lost connection's seat is kept so long */
#define SIG_LIMIT_MEASURE_BYTES 32768 /* filler of one `measure` or `measured` */
#define SIG_LIMIT_MEASURE_TOTAL_BYTES 2097152 /* filler that one person may send and ask for, together, within `measure_window_ms` */
#define SIG_LIMIT_MEASURE_WINDOW_MS 60000 /* see `measure_total_bytes` */
#define SIG_LIMIT_MEMBERS 12 /* people in one lesson */
#define SIG_LIMIT_GROUP_MEMBERS 100 /* people in one seminar or meeting, its host among them */
#define SIG_LIMIT_VIEW_PINS 6 /* people whom one viewer of a group pins */
#define SIG_LIMIT_BATCH_MS 250 /* shortest time between two `members` of a group */

/* Framing of media over WebSocket: see wsmedia.h. */
#define SIG_MEDIA_VERSION 1 /* first byte of every frame */
#define SIG_MEDIA_HEADER_BYTES 16 /* before the payload */
#define SIG_MEDIA_VOICE_BYTES 1140 /* an Opus packet: it must fit one RTP packet of a receiver on UDP */
#define SIG_MEDIA_PICTURE_BYTES 98304 /* a VP8 frame */
#define SIG_MEDIA_SLOTS 15 /* slots are numbered from 0 to one below this */
#define SIG_MEDIA_LEVEL_SILENT 127 /* voice level of digital silence, as -dBov (RFC 6464) */
#define SIG_MEDIA_LAYERS 4 /* temporal layers are numbered from 0 to one below this */
#define SIG_MEDIA_TIME_MAX INT64_C(9007199254740991) /* largest capture time in us: 2^53 - 1 */
#define SIG_MEDIA_PICTURE_LATE_MS 300 /* a picture that waited longer in a send queue is left out */
#define SIG_MEDIA_VOICE_LATE_MS 1000 /* a voice frame is never left out before it waited so long */
#define SIG_MEDIA_STUCK_MS 10000 /* a socket that took nothing for so long is closed */
#define SIG_MEDIA_AT_VERSION 0
#define SIG_MEDIA_AT_KIND 1
#define SIG_MEDIA_AT_FLAGS 2
#define SIG_MEDIA_AT_SLOT 3
#define SIG_MEDIA_AT_LEVEL 4
#define SIG_MEDIA_AT_ZERO 5
#define SIG_MEDIA_AT_SEQ 6
#define SIG_MEDIA_AT_TIME 8
#define SIG_MEDIA_KIND_VOICE 1
#define SIG_MEDIA_KIND_PICTURE 2
#define SIG_MEDIA_KIND_SCREEN 3
#define SIG_MEDIA_FLAG_KEY 1
#define SIG_MEDIA_FLAG_DROPPABLE 2
#define SIG_MEDIA_FLAG_SYNC 4

enum sig_source {
    SIG_SOURCE_MIC, /* the microphone */
    SIG_SOURCE_CAMERA, /* the camera */
    SIG_SOURCE_SCREEN, /* the screen */
};
#define SIG_SOURCE_WORDS 3
const char *sig_source_name(enum sig_source v); /* the word on the wire */
bool sig_source_parse(const char *word, enum sig_source *out);

enum sig_media_refusal {
    SIG_MEDIA_REFUSAL_TRUNCATED, /* shorter than the header, or no payload */
    SIG_MEDIA_REFUSAL_OVERSIZED, /* payload over `voice_bytes` or `picture_bytes` */
    SIG_MEDIA_REFUSAL_BAD_VERSION, /* not `version` */
    SIG_MEDIA_REFUSAL_BAD_KIND, /* unknown kind */
    SIG_MEDIA_REFUSAL_BAD_FLAGS, /* unknown bits, bits that voice does not have, or `level` or `zero` out of range */
    SIG_MEDIA_REFUSAL_BAD_SLOT, /* a slot out of range; from a client: any but 0, another's track */
    SIG_MEDIA_REFUSAL_BAD_TIME, /* over `time_max` */
    SIG_MEDIA_REFUSAL_WRONG_CODEC, /* not one whole VP8 frame or Opus packet, or `key` contradicts it */
    SIG_MEDIA_REFUSAL_OUT_OF_ORDER, /* `seq` or `time` does not rise */
    SIG_MEDIA_REFUSAL_NOT_OFFERED, /* a source that this person may not have */
    SIG_MEDIA_REFUSAL_TOO_MUCH, /* over the rate, or more than the server can hold at this moment */
};
#define SIG_MEDIA_REFUSAL_WORDS 11
const char *sig_media_refusal_name(enum sig_media_refusal v); /* the word on the wire */
bool sig_media_refusal_parse(const char *word, enum sig_media_refusal *out);

enum sig_seat {
    SIG_SEAT_CHILD, /* a pupil of this lesson */
    SIG_SEAT_MENTOR, /* its teacher */
    SIG_SEAT_GUARDIAN, /* a pupil's guardian, visible to all */
    SIG_SEAT_COORDINATOR, /* a coordinator looking in, visible and announced to all */
    SIG_SEAT_SPEAKER, /* invited to a group, to speak */
    SIG_SEAT_LISTENER, /* invited to a group, to listen */
};
#define SIG_SEAT_WORDS 6
const char *sig_seat_name(enum sig_seat v); /* the word on the wire */
bool sig_seat_parse(const char *word, enum sig_seat *out);

enum sig_room_state {
    SIG_ROOM_STATE_WAITING, /* the mentor is not in: no media path for children */
    SIG_ROOM_STATE_LIVE, /* mentor and child can see and hear each other */
    SIG_ROOM_STATE_FROZEN, /* the mentor dropped out: children's media is stopped until the mentor is back */
    SIG_ROOM_STATE_RESTING, /* a child rests or the mentor pauses the picture; voice goes on for a screen break, nothing is forwarded from a resting child */
    SIG_ROOM_STATE_ENDED, /* the lesson is over */
};
#define SIG_ROOM_STATE_WORDS 5
const char *sig_room_state_name(enum sig_room_state v); /* the word on the wire */
bool sig_room_state_parse(const char *word, enum sig_room_state *out);

enum sig_refusal {
    SIG_REFUSAL_NO_LOGIN, /* no valid login session */
    SIG_REFUSAL_NOT_YOURS, /* no seat in this lesson, or no such lesson: told alike */
    SIG_REFUSAL_TOO_EARLY, /* before the door opens; `at` says when it opens */
    SIG_REFUSAL_ENDED, /* after the window closed */
    SIG_REFUSAL_CANCELLED, /* the lesson is cancelled */
    SIG_REFUSAL_MOVED, /* the lesson has been moved; `at` is its new start if the person may know it */
    SIG_REFUSAL_RIGHT_ENDED, /* the person's right to be here has ended */
    SIG_REFUSAL_CONSENT, /* a consent the lesson needs is missing or withdrawn */
    SIG_REFUSAL_BACK_OFF, /* too many refused tries within a minute; `at` says when to try again */
    SIG_REFUSAL_FULL, /* every seat is taken */
    SIG_REFUSAL_NOT_READY, /* the lesson needs a substitute or is not published yet */
    SIG_REFUSAL_UNAVAILABLE, /* the server cannot decide now: fail closed */
    SIG_REFUSAL_SEAT_TAKEN, /* the person is already in from another device; join again with take_over to move here */
};
#define SIG_REFUSAL_WORDS 13
const char *sig_refusal_name(enum sig_refusal v); /* the word on the wire */
bool sig_refusal_parse(const char *word, enum sig_refusal *out);

enum sig_close {
    SIG_CLOSE_LEFT, /* the person left */
    SIG_CLOSE_TIRED, /* the child needed rest and left */
    SIG_CLOSE_WINDOW_END, /* the lesson's window is over */
    SIG_CLOSE_MENTOR_ENDED, /* the mentor ended the lesson */
    SIG_CLOSE_TAKEN_OVER, /* the same person came in from another device */
    SIG_CLOSE_CUT_CANCELLED, /* the lesson was cancelled or moved while it ran */
    SIG_CLOSE_CUT_RIGHT_ENDED, /* the person's right to be here has ended */
    SIG_CLOSE_CUT_CONSENT, /* a consent was withdrawn */
    SIG_CLOSE_LOGGED_OUT, /* the login session ended */
    SIG_CLOSE_SERVER_RESTART, /* the server restarts: come back by yourself */
};
#define SIG_CLOSE_WORDS 10
const char *sig_close_name(enum sig_close v); /* the word on the wire */
bool sig_close_parse(const char *word, enum sig_close *out);

enum sig_leave_cause {
    SIG_LEAVE_CAUSE_LEFT, /* pressed Leave */
    SIG_LEAVE_CAUSE_TIRED, /* needs rest */
    SIG_LEAVE_CAUSE_LOST, /* connection lost, the seat is kept for a while */
    SIG_LEAVE_CAUSE_TAKEN_OVER, /* moved to another device */
    SIG_LEAVE_CAUSE_CUT, /* removed by the server */
    SIG_LEAVE_CAUSE_WINDOW_END, /* the lesson is over */
};
#define SIG_LEAVE_CAUSE_WORDS 6
const char *sig_leave_cause_name(enum sig_leave_cause v); /* the word on the wire */
bool sig_leave_cause_parse(const char *word, enum sig_leave_cause *out);

enum sig_leave_reason {
    SIG_LEAVE_REASON_LEFT, /* pressed Leave */
    SIG_LEAVE_REASON_TIRED, /* needs rest */
};
#define SIG_LEAVE_REASON_WORDS 2
const char *sig_leave_reason_name(enum sig_leave_reason v); /* the word on the wire */
bool sig_leave_reason_parse(const char *word, enum sig_leave_reason *out);

enum sig_notice {
    SIG_NOTICE_FIVE_MINUTES, /* five minutes are left */
    SIG_NOTICE_ONE_MINUTE, /* one minute is left */
    SIG_NOTICE_SCREEN_LIMIT, /* the screen minutes of this lesson are used up: look away, voice goes on */
    SIG_NOTICE_VISITOR_IN, /* a guardian or coordinator looked in; `member` says who */
    SIG_NOTICE_VISITOR_OUT, /* the visitor left; `member` says who */
    SIG_NOTICE_MENTOR_LATE, /* the mentor is late and is being called */
};
#define SIG_NOTICE_WORDS 6
const char *sig_notice_name(enum sig_notice v); /* the word on the wire */
bool sig_notice_parse(const char *word, enum sig_notice *out);

enum sig_error {
    SIG_ERROR_MALFORMED, /* not one strict JSON object */
    SIG_ERROR_UNKNOWN_TYPE, /* no such message */
    SIG_ERROR_UNKNOWN_FIELD, /* the message has no such field */
    SIG_ERROR_MISSING_FIELD, /* a required field is absent */
    SIG_ERROR_BAD_FIELD, /* a field has the wrong type or a value outside its limits */
    SIG_ERROR_TOO_LONG, /* a field or the message is over its limit */
    SIG_ERROR_NOT_NOW, /* the message is not allowed in the present state */
    SIG_ERROR_NOT_ALLOWED, /* this seat may not do that */
    SIG_ERROR_TOO_FAST, /* more messages than the limit allows */
    SIG_ERROR_BAD_OFFER, /* the offer cannot be used; `detail` says why */
    SIG_ERROR_NO_WORD, /* in a group: the host has not given you the word */
};
#define SIG_ERROR_WORDS 11
const char *sig_error_name(enum sig_error v); /* the word on the wire */
bool sig_error_parse(const char *word, enum sig_error *out);

enum sig_break_kind {
    SIG_BREAK_KIND_SCREEN, /* a screen break: picture off, voice goes on */
    SIG_BREAK_KIND_NONE, /* no break */
};
#define SIG_BREAK_KIND_WORDS 2
const char *sig_break_kind_name(enum sig_break_kind v); /* the word on the wire */
bool sig_break_kind_parse(const char *word, enum sig_break_kind *out);

struct sig_lesson_info {
    int64_t id;
    const char *subject;
    const char *kind;
    int64_t start;
    int64_t end;
    int64_t opens;
    int64_t closes;
    int screen_limit_s;
    const char *title; /* NULL = absent */
};

struct sig_member {
    int id;
    const char *name;
    enum sig_seat seat;
    const char *animal;
    bool present;
    bool mic;
    bool camera;
    bool screen;
    bool hand;
    bool resting;
    bool has_pictures;
    int pictures;
};

struct sig_hand {
    int member;
    bool spoke;
};

struct sig_gone_member {
    int member;
    enum sig_leave_cause cause;
};

struct sig_slot_plan {
    int audio;
    int video;
    int screen;
};

struct sig_slot {
    const char *mid;
    int member;
    bool has_step;
    int step;
};

struct sig_chat_line {
    int from;
    const char *name;
    const char *text;
    int64_t at;
};

/* Asks for the seat in a lesson. */
struct sig_client_join {
    int64_t lesson;
    bool take_over;
    const char *resume; /* NULL = absent */
};

/* The one SDP offer of a media connection: the first, or one in the place of the one before. */
struct sig_client_offer {
    const char *sdp;
};

/* Asks for media over this WebSocket in the place of `offer`, where UDP does not get through, also after an answer. Slots are those of `joined.slots`: audio slots first, then video slots, then the screen slot, numbered from 0. */
struct sig_client_frames {
    char nothing; /* C has no empty struct */
};

/* What this person sends now. */
struct sig_client_state {
    bool mic;
    bool camera;
    bool screen;
};

/* Raises or lowers the hand. */
struct sig_client_hand {
    bool up;
};

/* Writes to everyone in the lesson. No control characters except line feed. */
struct sig_client_chat {
    const char *text;
};

/* Voice only: no picture of anybody, and no screen, is sent to this person, until it wants them again. Wanted by every new connection. */
struct sig_client_pictures {
    bool want;
};

/* "I am tired": a child pauses, or comes back. Nothing of a resting child is forwarded. */
struct sig_client_rest {
    bool on;
};

/* The mentor calls or ends a screen break. */
struct sig_client_break {
    enum sig_break_kind kind;
};

/* The mentor mutes a child or stops its camera, the host of a group anybody's; never the other way round. */
struct sig_client_quiet {
    int member;
    bool mic;
    bool camera;
};

/* The host of a group gives the word or takes it back. What the other sends begins only when its own `state` says so, and ends at once when the word is taken. */
struct sig_client_word {
    int member;
    bool give;
};

/* The host of a group lowers a hand, or all of them. */
struct sig_client_lower {
    int member;
};

/* Whose pictures this viewer of a group wants. Kept while the seat is kept. */
struct sig_client_view {
    int page;
    const uint16_t *pins;
    size_t pins_n;
};

/* The mentor ends the lesson for everyone. */
struct sig_client_end {
    char nothing; /* C has no empty struct */
};

/* Leaves the seat for good. */
struct sig_client_leave {
    enum sig_leave_reason reason;
};

/* What this client measures of its own link, at most once in 5 s. */
struct sig_client_link {
    int loss_permille;
    int rtt_ms;
    int up_kbps;
    int down_kbps;
};

/* Ready check: an offer for a connection that reaches the server and carries nothing to anybody. Answered by `probe_answer`; closed by the server after 20 s. Not allowed inside a lesson. */
struct sig_client_probe {
    const char *sdp;
};

/* Path test: filler to send, or to be sent, so that the client can take the time. Answered by `measured`. Not allowed while the person is in a lesson on any connection; `too_fast` when its share is used up, or the server's. */
struct sig_client_measure {
    int id;
    int bytes;
    const char *filler; /* NULL = absent */
};

/* Answered by `pong` with the same id. */
struct sig_client_ping {
    int id;
};

enum sig_client_kind {
    SIG_CLIENT_JOIN,
    SIG_CLIENT_OFFER,
    SIG_CLIENT_FRAMES,
    SIG_CLIENT_STATE,
    SIG_CLIENT_HAND,
    SIG_CLIENT_CHAT,
    SIG_CLIENT_PICTURES,
    SIG_CLIENT_REST,
    SIG_CLIENT_BREAK,
    SIG_CLIENT_QUIET,
    SIG_CLIENT_WORD,
    SIG_CLIENT_LOWER,
    SIG_CLIENT_VIEW,
    SIG_CLIENT_END,
    SIG_CLIENT_LEAVE,
    SIG_CLIENT_LINK,
    SIG_CLIENT_PROBE,
    SIG_CLIENT_MEASURE,
    SIG_CLIENT_PING,
};
#define SIG_CLIENT_KINDS 19

struct sig_client {
    enum sig_client_kind kind;
    union {
        struct sig_client_join join;
        struct sig_client_offer offer;
        struct sig_client_frames frames;
        struct sig_client_state state;
        struct sig_client_hand hand;
        struct sig_client_chat chat;
        struct sig_client_pictures pictures;
        struct sig_client_rest rest;
        struct sig_client_break break_;
        struct sig_client_quiet quiet;
        struct sig_client_word word;
        struct sig_client_lower lower;
        struct sig_client_view view;
        struct sig_client_end end;
        struct sig_client_leave leave;
        struct sig_client_link link;
        struct sig_client_probe probe;
        struct sig_client_measure measure;
        struct sig_client_ping ping;
    } u;
    json_t *owner; /* of the strings of a parsed message; NULL otherwise */
};

extern const struct shape sig_client_shapes[SIG_CLIENT_KINDS];

/* First message of a connection. */
struct sig_server_welcome {
    const char *protocol;
    int64_t now;
    int64_t user;
    const char *name;
    int ping_s;
};

/* The seat is taken. */
struct sig_server_joined {
    struct sig_lesson_info lesson;
    int you;
    const char *resume;
    enum sig_room_state state;
    struct sig_slot_plan slots;
    const struct sig_member *members;
    size_t members_n;
    const struct sig_chat_line *chat;
    size_t chat_n;
    int screen_used_s;
    int64_t now;
};

/* No seat. The code chooses the sentence. */
struct sig_server_refused {
    enum sig_refusal code;
    int64_t lesson;
    bool has_at;
    int64_t at;
};

/* The answer to `offer`. */
struct sig_server_answer {
    const char *sdp;
};

/* The answer to `frames`: from now on binary messages are frames of media, both ways. Before it, a binary message closes the connection. */
struct sig_server_frames {
    char nothing; /* C has no empty struct */
};

/* Which layers of its camera a client that offered more than one (simulcast) is to send from now on; nobody receives the others. Until told, it sends the highest only. */
struct sig_server_layers {
    int camera;
};

/* What the encoders of this client's voice and camera may make at most, for the sake of the only other person, whose link takes no more; and whose own link may be too narrow for more. The camera is told so where it has one layer, and where nothing fits beside the voice: of what is below 28000 bit/s no picture is made. Until told, and with 0, as much as it likes. */
struct sig_server_rates {
    int voice;
    int camera;
};

/* The encoder of this source is to make a key frame now. */
struct sig_server_key_frame {
    enum sig_source source;
};

/* A frame was refused and changed nothing. Told at most once a second. */
struct sig_server_bad_frame {
    enum sig_media_refusal code;
};

/* The answer to `probe`. */
struct sig_server_probe_answer {
    const char *sdp;
};

/* The answer to `measure`, with the same id, when all of it has come. */
struct sig_server_measured {
    int id;
    const char *filler;
};

/* A person came, or something about a person changed. */
struct sig_server_member {
    struct sig_member member;
};

/* A person left for good. */
struct sig_server_gone {
    int member;
    enum sig_leave_cause cause;
};

/* In a group, in the place of `member` and `gone`: everything about people that changed since the last one. First those who left, then those who came or changed. */
struct sig_server_members {
    const struct sig_member *members;
    size_t members_n;
    const struct sig_gone_member *gone;
    size_t gone_n;
};

/* In a group, behind `joined` and on change: who has the word, and all raised hands in the order in which they are called. */
struct sig_server_floor {
    const uint16_t *word;
    size_t word_n;
    const struct sig_hand *hands;
    size_t hands_n;
};

/* The room changed its state. */
struct sig_server_room {
    enum sig_room_state state;
    enum sig_break_kind break_;
    int screen_used_s;
    int64_t at;
};

/* The schedule of this lesson changed (for example its end). */
struct sig_server_lesson {
    struct sig_lesson_info lesson;
};

/* Which member's media each receive slot carries. */
struct sig_server_slots {
    const struct sig_slot *slots;
    size_t slots_n;
};

/* Who is heard now. */
struct sig_server_speaking {
    const uint16_t *members;
    size_t members_n;
};

/* A written line. */
struct sig_server_chat {
    struct sig_chat_line line;
};

/* The mentor muted you or stopped your camera. */
struct sig_server_quieted {
    bool mic;
    bool camera;
};

/* Something to be told once. */
struct sig_server_notice {
    enum sig_notice code;
    bool has_member;
    int member;
};

/* You are no longer in the lesson. */
struct sig_server_closed {
    enum sig_close code;
};

/* Answer to `ping`. */
struct sig_server_pong {
    int id;
    int64_t now;
};

/* A message was refused; nothing changed. */
struct sig_server_error {
    enum sig_error code;
    const char *re;
    const char *field;
    const char *detail;
};

enum sig_server_kind {
    SIG_SERVER_WELCOME,
    SIG_SERVER_JOINED,
    SIG_SERVER_REFUSED,
    SIG_SERVER_ANSWER,
    SIG_SERVER_FRAMES,
    SIG_SERVER_LAYERS,
    SIG_SERVER_RATES,
    SIG_SERVER_KEY_FRAME,
    SIG_SERVER_BAD_FRAME,
    SIG_SERVER_PROBE_ANSWER,
    SIG_SERVER_MEASURED,
    SIG_SERVER_MEMBER,
    SIG_SERVER_GONE,
    SIG_SERVER_MEMBERS,
    SIG_SERVER_FLOOR,
    SIG_SERVER_ROOM,
    SIG_SERVER_LESSON,
    SIG_SERVER_SLOTS,
    SIG_SERVER_SPEAKING,
    SIG_SERVER_CHAT,
    SIG_SERVER_QUIETED,
    SIG_SERVER_NOTICE,
    SIG_SERVER_CLOSED,
    SIG_SERVER_PONG,
    SIG_SERVER_ERROR,
};
#define SIG_SERVER_KINDS 25

struct sig_server {
    enum sig_server_kind kind;
    union {
        struct sig_server_welcome welcome;
        struct sig_server_joined joined;
        struct sig_server_refused refused;
        struct sig_server_answer answer;
        struct sig_server_frames frames;
        struct sig_server_layers layers;
        struct sig_server_rates rates;
        struct sig_server_key_frame key_frame;
        struct sig_server_bad_frame bad_frame;
        struct sig_server_probe_answer probe_answer;
        struct sig_server_measured measured;
        struct sig_server_member member;
        struct sig_server_gone gone;
        struct sig_server_members members;
        struct sig_server_floor floor;
        struct sig_server_room room;
        struct sig_server_lesson lesson;
        struct sig_server_slots slots;
        struct sig_server_speaking speaking;
        struct sig_server_chat chat;
        struct sig_server_quieted quieted;
        struct sig_server_notice notice;
        struct sig_server_closed closed;
        struct sig_server_pong pong;
        struct sig_server_error error;
    } u;
    json_t *owner; /* of the strings of a parsed message; NULL otherwise */
};

extern const struct shape sig_server_shapes[SIG_SERVER_KINDS];

/* Why a message was refused: what `error` tells its sender. */
struct sig_fault {
    enum sig_error code;
    char re[SIG_WORD_MAX + 1];    /* type of the refused message, or "" */
    char field[SIG_WORD_MAX + 1]; /* the field at fault, or "" */
};

/* text[0..len) as one message. ERR_PARSE with *fault filled; ERR_NOMEM. *out untouched on error. */
enum err sig_client_parse(const char *text, size_t len, struct sig_client *out,
                          struct sig_fault *fault) MUST_CHECK;
enum err sig_server_parse(const char *text, size_t len, struct sig_server *out,
                          struct sig_fault *fault) MUST_CHECK;
void sig_client_free(struct sig_client *m);
void sig_server_free(struct sig_server *m);

/* Appends the message. ERR_INVAL if a value is outside its limits (b keeps its length); ERR_NOMEM. */
enum err sig_client_write(const struct sig_client *m, struct strbuf *b) MUST_CHECK;
enum err sig_server_write(const struct sig_server *m, struct strbuf *b) MUST_CHECK;

#endif
