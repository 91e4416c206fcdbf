/* SPDX-License-Identifier: Apache-2.0
 *
 * Generated from common/protocol/protocol.json by gen.py: change that, not this.
 */
#include "common/protocol/protocol.gen.h"

#include <string.h>

static const char *const words_source[] = { "mic", "camera", "screen" };
_Static_assert(sizeof(enum sig_source) == sizeof(int), "read as int");

const char *sig_source_name(enum sig_source v)
{
    return (unsigned)v < SIG_SOURCE_WORDS ? words_source[v] : "";
}

bool sig_source_parse(const char *word, enum sig_source *out)
{
    for (int i = 0; i < SIG_SOURCE_WORDS; i++) {
        if (strcmp(word, words_source[i]) == 0) {
            *out = (enum sig_source)i;
            return true;
        }
    }
    return false;
}

static const char *const words_media_refusal[] = { "truncated", "oversized", "bad_version", "bad_kind", "bad_flags", "bad_slot", "bad_time", "wrong_codec", "out_of_order", "not_offered", "too_much" };
_Static_assert(sizeof(enum sig_media_refusal) == sizeof(int), "read as int");

const char *sig_media_refusal_name(enum sig_media_refusal v)
{
    return (unsigned)v < SIG_MEDIA_REFUSAL_WORDS ? words_media_refusal[v] : "";
}

bool sig_media_refusal_parse(const char *word, enum sig_media_refusal *out)
{
    for (int i = 0; i < SIG_MEDIA_REFUSAL_WORDS; i++) {
        if (strcmp(word, words_media_refusal[i]) == 0) {
            *out = (enum sig_media_refusal)i;
            return true;
        }
    }
    return false;
}

static const char *const words_seat[] = { "child", "mentor", "guardian", "coordinator", "speaker", "listener" };
_Static_assert(sizeof(enum sig_seat) == sizeof(int), "read as int");

const char *sig_seat_name(enum sig_seat v)
{
    return (unsigned)v < SIG_SEAT_WORDS ? words_seat[v] : "";
}

bool sig_seat_parse(const char *word, enum sig_seat *out)
{
    for (int i = 0; i < SIG_SEAT_WORDS; i++) {
        if (strcmp(word, words_seat[i]) == 0) {
            *out = (enum sig_seat)i;
            return true;
        }
    }
    return false;
}

static const char *const words_room_state[] = { "waiting", "live", "frozen", "resting", "ended" };
_Static_assert(sizeof(enum sig_room_state) == sizeof(int), "read as int");

const char *sig_room_state_name(enum sig_room_state v)
{
    return (unsigned)v < SIG_ROOM_STATE_WORDS ? words_room_state[v] : "";
}

bool sig_room_state_parse(const char *word, enum sig_room_state *out)
{
    for (int i = 0; i < SIG_ROOM_STATE_WORDS; i++) {
        if (strcmp(word, words_room_state[i]) == 0) {
            *out = (enum sig_room_state)i;
            return true;
        }
    }
    return false;
}

static const char *const words_refusal[] = { "no_login", "not_yours", "too_early", "ended", "cancelled", "moved", "right_ended", "consent", "back_off", "full", "not_ready", "unavailable", "seat_taken" };
_Static_assert(sizeof(enum sig_refusal) == sizeof(int), "read as int");

const char *sig_refusal_name(enum sig_refusal v)
{
    return (unsigned)v < SIG_REFUSAL_WORDS ? words_refusal[v] : "";
}

bool sig_refusal_parse(const char *word, enum sig_refusal *out)
{
    for (int i = 0; i < SIG_REFUSAL_WORDS; i++) {
        if (strcmp(word, words_refusal[i]) == 0) {
            *out = (enum sig_refusal)i;
            return true;
        }
    }
    return false;
}

static const char *const words_close[] = { "left", "tired", "window_end", "mentor_ended", "taken_over", "cut_cancelled", "cut_right_ended", "cut_consent", "logged_out", "server_restart" };
_Static_assert(sizeof(enum sig_close) == sizeof(int), "read as int");

const char *sig_close_name(enum sig_close v)
{
    return (unsigned)v < SIG_CLOSE_WORDS ? words_close[v] : "";
}

bool sig_close_parse(const char *word, enum sig_close *out)
{
    for (int i = 0; i < SIG_CLOSE_WORDS; i++) {
        if (strcmp(word, words_close[i]) == 0) {
            *out = (enum sig_close)i;
            return true;
        }
    }
    return false;
}

static const char *const words_leave_cause[] = { "left", "tired", "lost", "taken_over", "cut", "window_end" };
_Static_assert(sizeof(enum sig_leave_cause) == sizeof(int), "read as int");

const char *sig_leave_cause_name(enum sig_leave_cause v)
{
    return (unsigned)v < SIG_LEAVE_CAUSE_WORDS ? words_leave_cause[v] : "";
}

bool sig_leave_cause_parse(const char *word, enum sig_leave_cause *out)
{
    for (int i = 0; i < SIG_LEAVE_CAUSE_WORDS; i++) {
        if (strcmp(word, words_leave_cause[i]) == 0) {
            *out = (enum sig_leave_cause)i;
            return true;
        }
    }
    return false;
}

static const char *const words_leave_reason[] = { "left", "tired" };
_Static_assert(sizeof(enum sig_leave_reason) == sizeof(int), "read as int");

const char *sig_leave_reason_name(enum sig_leave_reason v)
{
    return (unsigned)v < SIG_LEAVE_REASON_WORDS ? words_leave_reason[v] : "";
}

bool sig_leave_reason_parse(const char *word, enum sig_leave_reason *out)
{
    for (int i = 0; i < SIG_LEAVE_REASON_WORDS; i++) {
        if (strcmp(word, words_leave_reason[i]) == 0) {
            *out = (enum sig_leave_reason)i;
            return true;
        }
    }
    return false;
}

static const char *const words_notice[] = { "five_minutes", "one_minute", "screen_limit", "visitor_in", "visitor_out", "mentor_late" };
_Static_assert(sizeof(enum sig_notice) == sizeof(int), "read as int");

const char *sig_notice_name(enum sig_notice v)
{
    return (unsigned)v < SIG_NOTICE_WORDS ? words_notice[v] : "";
}

bool sig_notice_parse(const char *word, enum sig_notice *out)
{
    for (int i = 0; i < SIG_NOTICE_WORDS; i++) {
        if (strcmp(word, words_notice[i]) == 0) {
            *out = (enum sig_notice)i;
            return true;
        }
    }
    return false;
}

static const char *const words_error[] = { "malformed", "unknown_type", "unknown_field", "missing_field", "bad_field", "too_long", "not_now", "not_allowed", "too_fast", "bad_offer", "no_word" };
_Static_assert(sizeof(enum sig_error) == sizeof(int), "read as int");

const char *sig_error_name(enum sig_error v)
{
    return (unsigned)v < SIG_ERROR_WORDS ? words_error[v] : "";
}

bool sig_error_parse(const char *word, enum sig_error *out)
{
    for (int i = 0; i < SIG_ERROR_WORDS; i++) {
        if (strcmp(word, words_error[i]) == 0) {
            *out = (enum sig_error)i;
            return true;
        }
    }
    return false;
}

static const char *const words_break_kind[] = { "screen", "none" };
_Static_assert(sizeof(enum sig_break_kind) == sizeof(int), "read as int");

const char *sig_break_kind_name(enum sig_break_kind v)
{
    return (unsigned)v < SIG_BREAK_KIND_WORDS ? words_break_kind[v] : "";
}

bool sig_break_kind_parse(const char *word, enum sig_break_kind *out)
{
    for (int i = 0; i < SIG_BREAK_KIND_WORDS; i++) {
        if (strcmp(word, words_break_kind[i]) == 0) {
            *out = (enum sig_break_kind)i;
            return true;
        }
    }
    return false;
}

static const struct shape_field fields_lesson_info[] = {
    { .name = "id", .type = SHAPE_BIG, .at = offsetof(struct sig_lesson_info, id), .min = 1, .max = INT64_C(9007199254740991) },
    { .name = "subject", .type = SHAPE_STRING, .at = offsetof(struct sig_lesson_info, subject), .max = 80 },
    { .name = "kind", .type = SHAPE_STRING, .at = offsetof(struct sig_lesson_info, kind), .max = 24 },
    { .name = "start", .type = SHAPE_BIG, .at = offsetof(struct sig_lesson_info, start), .min = 0, .max = INT64_C(9007199254740991) },
    { .name = "end", .type = SHAPE_BIG, .at = offsetof(struct sig_lesson_info, end), .min = 0, .max = INT64_C(9007199254740991) },
    { .name = "opens", .type = SHAPE_BIG, .at = offsetof(struct sig_lesson_info, opens), .min = 0, .max = INT64_C(9007199254740991) },
    { .name = "closes", .type = SHAPE_BIG, .at = offsetof(struct sig_lesson_info, closes), .min = 0, .max = INT64_C(9007199254740991) },
    { .name = "screen_limit_s", .type = SHAPE_INT, .at = offsetof(struct sig_lesson_info, screen_limit_s), .min = 0, .max = INT64_C(36000) },
    { .name = "title", .type = SHAPE_STRING, .at = offsetof(struct sig_lesson_info, title), .optional = true, .max = 160 },
};

static const struct shape shape_lesson_info = { "lesson_info", fields_lesson_info, 9, sizeof(struct sig_lesson_info) };

static const struct shape_field fields_member[] = {
    { .name = "id", .type = SHAPE_INT, .at = offsetof(struct sig_member, id), .min = 1, .max = INT64_C(65535) },
    { .name = "name", .type = SHAPE_STRING, .at = offsetof(struct sig_member, name), .max = 160 },
    { .name = "seat", .type = SHAPE_ENUM, .at = offsetof(struct sig_member, seat), .words = words_seat, .words_n = SIG_SEAT_WORDS },
    { .name = "animal", .type = SHAPE_STRING, .at = offsetof(struct sig_member, animal), .max = 16 },
    { .name = "present", .type = SHAPE_BOOL, .at = offsetof(struct sig_member, present) },
    { .name = "mic", .type = SHAPE_BOOL, .at = offsetof(struct sig_member, mic) },
    { .name = "camera", .type = SHAPE_BOOL, .at = offsetof(struct sig_member, camera) },
    { .name = "screen", .type = SHAPE_BOOL, .at = offsetof(struct sig_member, screen) },
    { .name = "hand", .type = SHAPE_BOOL, .at = offsetof(struct sig_member, hand) },
    { .name = "resting", .type = SHAPE_BOOL, .at = offsetof(struct sig_member, resting) },
    { .name = "pictures", .type = SHAPE_INT, .at = offsetof(struct sig_member, pictures), .optional = true, .extra = offsetof(struct sig_member, has_pictures), .min = 0, .max = INT64_C(1) },
};

static const struct shape shape_member = { "member", fields_member, 11, sizeof(struct sig_member) };

static const struct shape_field fields_hand[] = {
    { .name = "member", .type = SHAPE_INT, .at = offsetof(struct sig_hand, member), .min = 1, .max = INT64_C(65535) },
    { .name = "spoke", .type = SHAPE_BOOL, .at = offsetof(struct sig_hand, spoke) },
};

static const struct shape shape_hand = { "hand", fields_hand, 2, sizeof(struct sig_hand) };

static const struct shape_field fields_gone_member[] = {
    { .name = "member", .type = SHAPE_INT, .at = offsetof(struct sig_gone_member, member), .min = 1, .max = INT64_C(65535) },
    { .name = "cause", .type = SHAPE_ENUM, .at = offsetof(struct sig_gone_member, cause), .words = words_leave_cause, .words_n = SIG_LEAVE_CAUSE_WORDS },
};

static const struct shape shape_gone_member = { "gone_member", fields_gone_member, 2, sizeof(struct sig_gone_member) };

static const struct shape_field fields_slot_plan[] = {
    { .name = "audio", .type = SHAPE_INT, .at = offsetof(struct sig_slot_plan, audio), .min = 0, .max = INT64_C(3) },
    { .name = "video", .type = SHAPE_INT, .at = offsetof(struct sig_slot_plan, video), .min = 0, .max = INT64_C(11) },
    { .name = "screen", .type = SHAPE_INT, .at = offsetof(struct sig_slot_plan, screen), .min = 0, .max = INT64_C(1) },
};

static const struct shape shape_slot_plan = { "slot_plan", fields_slot_plan, 3, sizeof(struct sig_slot_plan) };

static const struct shape_field fields_slot[] = {
    { .name = "mid", .type = SHAPE_STRING, .at = offsetof(struct sig_slot, mid), .max = 16 },
    { .name = "member", .type = SHAPE_INT, .at = offsetof(struct sig_slot, member), .min = 0, .max = INT64_C(65535) },
    { .name = "step", .type = SHAPE_INT, .at = offsetof(struct sig_slot, step), .optional = true, .extra = offsetof(struct sig_slot, has_step), .min = 0, .max = INT64_C(5) },
};

static const struct shape shape_slot = { "slot", fields_slot, 3, sizeof(struct sig_slot) };

static const struct shape_field fields_chat_line[] = {
    { .name = "from", .type = SHAPE_INT, .at = offsetof(struct sig_chat_line, from), .min = 1, .max = INT64_C(65535) },
    { .name = "name", .type = SHAPE_STRING, .at = offsetof(struct sig_chat_line, name), .max = 160 },
    { .name = "text", .type = SHAPE_STRING, .at = offsetof(struct sig_chat_line, text), .max = 4000 },
    { .name = "at", .type = SHAPE_BIG, .at = offsetof(struct sig_chat_line, at), .min = 0, .max = INT64_C(9007199254740991) },
};

static const struct shape shape_chat_line = { "chat_line", fields_chat_line, 4, sizeof(struct sig_chat_line) };

static const struct shape_field fields_client_join[] = {
    { .name = "lesson", .type = SHAPE_BIG, .at = offsetof(struct sig_client_join, lesson), .min = 1, .max = INT64_C(9007199254740991) },
    { .name = "take_over", .type = SHAPE_BOOL, .at = offsetof(struct sig_client_join, take_over) },
    { .name = "resume", .type = SHAPE_STRING, .at = offsetof(struct sig_client_join, resume), .optional = true, .max = 64 },
};

static const struct shape_field fields_client_offer[] = {
    { .name = "sdp", .type = SHAPE_STRING, .at = offsetof(struct sig_client_offer, sdp), .max = 32768 },
};

static const struct shape_field fields_client_state[] = {
    { .name = "mic", .type = SHAPE_BOOL, .at = offsetof(struct sig_client_state, mic) },
    { .name = "camera", .type = SHAPE_BOOL, .at = offsetof(struct sig_client_state, camera) },
    { .name = "screen", .type = SHAPE_BOOL, .at = offsetof(struct sig_client_state, screen) },
};

static const struct shape_field fields_client_hand[] = {
    { .name = "up", .type = SHAPE_BOOL, .at = offsetof(struct sig_client_hand, up) },
};

static const struct shape_field fields_client_chat[] = {
    { .name = "text", .type = SHAPE_STRING, .at = offsetof(struct sig_client_chat, text), .max = 4000 },
};

static const struct shape_field fields_client_pictures[] = {
    { .name = "want", .type = SHAPE_BOOL, .at = offsetof(struct sig_client_pictures, want) },
};

static const struct shape_field fields_client_rest[] = {
    { .name = "on", .type = SHAPE_BOOL, .at = offsetof(struct sig_client_rest, on) },
};

static const struct shape_field fields_client_break[] = {
    { .name = "kind", .type = SHAPE_ENUM, .at = offsetof(struct sig_client_break, kind), .words = words_break_kind, .words_n = SIG_BREAK_KIND_WORDS },
};

static const struct shape_field fields_client_quiet[] = {
    { .name = "member", .type = SHAPE_INT, .at = offsetof(struct sig_client_quiet, member), .min = 1, .max = INT64_C(65535) },
    { .name = "mic", .type = SHAPE_BOOL, .at = offsetof(struct sig_client_quiet, mic) },
    { .name = "camera", .type = SHAPE_BOOL, .at = offsetof(struct sig_client_quiet, camera) },
};

static const struct shape_field fields_client_word[] = {
    { .name = "member", .type = SHAPE_INT, .at = offsetof(struct sig_client_word, member), .min = 1, .max = INT64_C(65535) },
    { .name = "give", .type = SHAPE_BOOL, .at = offsetof(struct sig_client_word, give) },
};

static const struct shape_field fields_client_lower[] = {
    { .name = "member", .type = SHAPE_INT, .at = offsetof(struct sig_client_lower, member), .min = 0, .max = INT64_C(65535) },
};

static const struct shape_field fields_client_view[] = {
    { .name = "page", .type = SHAPE_INT, .at = offsetof(struct sig_client_view, page), .min = 0, .max = INT64_C(99) },
    { .name = "pins", .type = SHAPE_INTS, .at = offsetof(struct sig_client_view, pins), .max = 6, .extra = offsetof(struct sig_client_view, pins_n) },
};

static const struct shape_field fields_client_leave[] = {
    { .name = "reason", .type = SHAPE_ENUM, .at = offsetof(struct sig_client_leave, reason), .words = words_leave_reason, .words_n = SIG_LEAVE_REASON_WORDS },
};

static const struct shape_field fields_client_link[] = {
    { .name = "loss_permille", .type = SHAPE_INT, .at = offsetof(struct sig_client_link, loss_permille), .min = 0, .max = INT64_C(1000) },
    { .name = "rtt_ms", .type = SHAPE_INT, .at = offsetof(struct sig_client_link, rtt_ms), .min = 0, .max = INT64_C(60000) },
    { .name = "up_kbps", .type = SHAPE_INT, .at = offsetof(struct sig_client_link, up_kbps), .min = 0, .max = INT64_C(100000) },
    { .name = "down_kbps", .type = SHAPE_INT, .at = offsetof(struct sig_client_link, down_kbps), .min = 0, .max = INT64_C(100000) },
};

static const struct shape_field fields_client_probe[] = {
    { .name = "sdp", .type = SHAPE_STRING, .at = offsetof(struct sig_client_probe, sdp), .max = 32768 },
};

static const struct shape_field fields_client_measure[] = {
    { .name = "id", .type = SHAPE_INT, .at = offsetof(struct sig_client_measure, id), .min = 0, .max = INT64_C(2147483647) },
    { .name = "bytes", .type = SHAPE_INT, .at = offsetof(struct sig_client_measure, bytes), .min = 0, .max = INT64_C(32768) },
    { .name = "filler", .type = SHAPE_STRING, .at = offsetof(struct sig_client_measure, filler), .optional = true, .max = 32768 },
};

static const struct shape_field fields_client_ping[] = {
    { .name = "id", .type = SHAPE_INT, .at = offsetof(struct sig_client_ping, id), .min = 0, .max = INT64_C(2147483647) },
};

const struct shape sig_client_shapes[SIG_CLIENT_KINDS] = {
    { "join", fields_client_join, 3, sizeof(struct sig_client_join) },
    { "offer", fields_client_offer, 1, sizeof(struct sig_client_offer) },
    { "frames", NULL, 0, sizeof(struct sig_client_frames) },
    { "state", fields_client_state, 3, sizeof(struct sig_client_state) },
    { "hand", fields_client_hand, 1, sizeof(struct sig_client_hand) },
    { "chat", fields_client_chat, 1, sizeof(struct sig_client_chat) },
    { "pictures", fields_client_pictures, 1, sizeof(struct sig_client_pictures) },
    { "rest", fields_client_rest, 1, sizeof(struct sig_client_rest) },
    { "break", fields_client_break, 1, sizeof(struct sig_client_break) },
    { "quiet", fields_client_quiet, 3, sizeof(struct sig_client_quiet) },
    { "word", fields_client_word, 2, sizeof(struct sig_client_word) },
    { "lower", fields_client_lower, 1, sizeof(struct sig_client_lower) },
    { "view", fields_client_view, 2, sizeof(struct sig_client_view) },
    { "end", NULL, 0, sizeof(struct sig_client_end) },
    { "leave", fields_client_leave, 1, sizeof(struct sig_client_leave) },
    { "link", fields_client_link, 4, sizeof(struct sig_client_link) },
    { "probe", fields_client_probe, 1, sizeof(struct sig_client_probe) },
    { "measure", fields_client_measure, 3, sizeof(struct sig_client_measure) },
    { "ping", fields_client_ping, 1, sizeof(struct sig_client_ping) },
};

static const struct shape_field fields_server_welcome[] = {
    { .name = "protocol", .type = SHAPE_STRING, .at = offsetof(struct sig_server_welcome, protocol), .max = 16 },
    { .name = "now", .type = SHAPE_BIG, .at = offsetof(struct sig_server_welcome, now), .min = 0, .max = INT64_C(9007199254740991) },
    { .name = "user", .type = SHAPE_BIG, .at = offsetof(struct sig_server_welcome, user), .min = 1, .max = INT64_C(9007199254740991) },
    { .name = "name", .type = SHAPE_STRING, .at = offsetof(struct sig_server_welcome, name), .max = 160 },
    { .name = "ping_s", .type = SHAPE_INT, .at = offsetof(struct sig_server_welcome, ping_s), .min = 1, .max = INT64_C(60) },
};

static const struct shape_field fields_server_joined[] = {
    { .name = "lesson", .type = SHAPE_STRUCT, .at = offsetof(struct sig_server_joined, lesson), .sub = &shape_lesson_info },
    { .name = "you", .type = SHAPE_INT, .at = offsetof(struct sig_server_joined, you), .min = 1, .max = INT64_C(65535) },
    { .name = "resume", .type = SHAPE_STRING, .at = offsetof(struct sig_server_joined, resume), .max = 64 },
    { .name = "state", .type = SHAPE_ENUM, .at = offsetof(struct sig_server_joined, state), .words = words_room_state, .words_n = SIG_ROOM_STATE_WORDS },
    { .name = "slots", .type = SHAPE_STRUCT, .at = offsetof(struct sig_server_joined, slots), .sub = &shape_slot_plan },
    { .name = "members", .type = SHAPE_LIST, .at = offsetof(struct sig_server_joined, members), .max = 100, .extra = offsetof(struct sig_server_joined, members_n), .sub = &shape_member },
    { .name = "chat", .type = SHAPE_LIST, .at = offsetof(struct sig_server_joined, chat), .max = 200, .extra = offsetof(struct sig_server_joined, chat_n), .sub = &shape_chat_line },
    { .name = "screen_used_s", .type = SHAPE_INT, .at = offsetof(struct sig_server_joined, screen_used_s), .min = 0, .max = INT64_C(86400) },
    { .name = "now", .type = SHAPE_BIG, .at = offsetof(struct sig_server_joined, now), .min = 0, .max = INT64_C(9007199254740991) },
};

static const struct shape_field fields_server_refused[] = {
    { .name = "code", .type = SHAPE_ENUM, .at = offsetof(struct sig_server_refused, code), .words = words_refusal, .words_n = SIG_REFUSAL_WORDS },
    { .name = "lesson", .type = SHAPE_BIG, .at = offsetof(struct sig_server_refused, lesson), .min = 1, .max = INT64_C(9007199254740991) },
    { .name = "at", .type = SHAPE_BIG, .at = offsetof(struct sig_server_refused, at), .optional = true, .extra = offsetof(struct sig_server_refused, has_at), .min = 0, .max = INT64_C(9007199254740991) },
};

static const struct shape_field fields_server_answer[] = {
    { .name = "sdp", .type = SHAPE_STRING, .at = offsetof(struct sig_server_answer, sdp), .max = 32768 },
};

static const struct shape_field fields_server_layers[] = {
    { .name = "camera", .type = SHAPE_INT, .at = offsetof(struct sig_server_layers, camera), .min = 1, .max = INT64_C(7) },
};

static const struct shape_field fields_server_rates[] = {
    { .name = "voice", .type = SHAPE_INT, .at = offsetof(struct sig_server_rates, voice), .min = 0, .max = INT64_C(510000) },
    { .name = "camera", .type = SHAPE_INT, .at = offsetof(struct sig_server_rates, camera), .min = 0, .max = INT64_C(20000000) },
};

static const struct shape_field fields_server_key_frame[] = {
    { .name = "source", .type = SHAPE_ENUM, .at = offsetof(struct sig_server_key_frame, source), .words = words_source, .words_n = SIG_SOURCE_WORDS },
};

static const struct shape_field fields_server_bad_frame[] = {
    { .name = "code", .type = SHAPE_ENUM, .at = offsetof(struct sig_server_bad_frame, code), .words = words_media_refusal, .words_n = SIG_MEDIA_REFUSAL_WORDS },
};

static const struct shape_field fields_server_probe_answer[] = {
    { .name = "sdp", .type = SHAPE_STRING, .at = offsetof(struct sig_server_probe_answer, sdp), .max = 32768 },
};

static const struct shape_field fields_server_measured[] = {
    { .name = "id", .type = SHAPE_INT, .at = offsetof(struct sig_server_measured, id), .min = 0, .max = INT64_C(2147483647) },
    { .name = "filler", .type = SHAPE_STRING, .at = offsetof(struct sig_server_measured, filler), .max = 32768 },
};

static const struct shape_field fields_server_member[] = {
    { .name = "member", .type = SHAPE_STRUCT, .at = offsetof(struct sig_server_member, member), .sub = &shape_member },
};

static const struct shape_field fields_server_gone[] = {
    { .name = "member", .type = SHAPE_INT, .at = offsetof(struct sig_server_gone, member), .min = 1, .max = INT64_C(65535) },
    { .name = "cause", .type = SHAPE_ENUM, .at = offsetof(struct sig_server_gone, cause), .words = words_leave_cause, .words_n = SIG_LEAVE_CAUSE_WORDS },
};

static const struct shape_field fields_server_members[] = {
    { .name = "members", .type = SHAPE_LIST, .at = offsetof(struct sig_server_members, members), .max = 100, .extra = offsetof(struct sig_server_members, members_n), .sub = &shape_member },
    { .name = "gone", .type = SHAPE_LIST, .at = offsetof(struct sig_server_members, gone), .max = 100, .extra = offsetof(struct sig_server_members, gone_n), .sub = &shape_gone_member },
};

static const struct shape_field fields_server_floor[] = {
    { .name = "word", .type = SHAPE_INTS, .at = offsetof(struct sig_server_floor, word), .max = 100, .extra = offsetof(struct sig_server_floor, word_n) },
    { .name = "hands", .type = SHAPE_LIST, .at = offsetof(struct sig_server_floor, hands), .max = 100, .extra = offsetof(struct sig_server_floor, hands_n), .sub = &shape_hand },
};

static const struct shape_field fields_server_room[] = {
    { .name = "state", .type = SHAPE_ENUM, .at = offsetof(struct sig_server_room, state), .words = words_room_state, .words_n = SIG_ROOM_STATE_WORDS },
    { .name = "break", .type = SHAPE_ENUM, .at = offsetof(struct sig_server_room, break_), .words = words_break_kind, .words_n = SIG_BREAK_KIND_WORDS },
    { .name = "screen_used_s", .type = SHAPE_INT, .at = offsetof(struct sig_server_room, screen_used_s), .min = 0, .max = INT64_C(86400) },
    { .name = "at", .type = SHAPE_BIG, .at = offsetof(struct sig_server_room, at), .min = 0, .max = INT64_C(9007199254740991) },
};

static const struct shape_field fields_server_lesson[] = {
    { .name = "lesson", .type = SHAPE_STRUCT, .at = offsetof(struct sig_server_lesson, lesson), .sub = &shape_lesson_info },
};

static const struct shape_field fields_server_slots[] = {
    { .name = "slots", .type = SHAPE_LIST, .at = offsetof(struct sig_server_slots, slots), .max = 15, .extra = offsetof(struct sig_server_slots, slots_n), .sub = &shape_slot },
};

static const struct shape_field fields_server_speaking[] = {
    { .name = "members", .type = SHAPE_INTS, .at = offsetof(struct sig_server_speaking, members), .max = 12, .extra = offsetof(struct sig_server_speaking, members_n) },
};

static const struct shape_field fields_server_chat[] = {
    { .name = "line", .type = SHAPE_STRUCT, .at = offsetof(struct sig_server_chat, line), .sub = &shape_chat_line },
};

static const struct shape_field fields_server_quieted[] = {
    { .name = "mic", .type = SHAPE_BOOL, .at = offsetof(struct sig_server_quieted, mic) },
    { .name = "camera", .type = SHAPE_BOOL, .at = offsetof(struct sig_server_quieted, camera) },
};

static const struct shape_field fields_server_notice[] = {
    { .name = "code", .type = SHAPE_ENUM, .at = offsetof(struct sig_server_notice, code), .words = words_notice, .words_n = SIG_NOTICE_WORDS },
    { .name = "member", .type = SHAPE_INT, .at = offsetof(struct sig_server_notice, member), .optional = true, .extra = offsetof(struct sig_server_notice, has_member), .min = 0, .max = INT64_C(65535) },
};

static const struct shape_field fields_server_closed[] = {
    { .name = "code", .type = SHAPE_ENUM, .at = offsetof(struct sig_server_closed, code), .words = words_close, .words_n = SIG_CLOSE_WORDS },
};

static const struct shape_field fields_server_pong[] = {
    { .name = "id", .type = SHAPE_INT, .at = offsetof(struct sig_server_pong, id), .min = 0, .max = INT64_C(2147483647) },
    { .name = "now", .type = SHAPE_BIG, .at = offsetof(struct sig_server_pong, now), .min = 0, .max = INT64_C(9007199254740991) },
};

static const struct shape_field fields_server_error[] = {
    { .name = "code", .type = SHAPE_ENUM, .at = offsetof(struct sig_server_error, code), .words = words_error, .words_n = SIG_ERROR_WORDS },
    { .name = "re", .type = SHAPE_STRING, .at = offsetof(struct sig_server_error, re), .max = 64 },
    { .name = "field", .type = SHAPE_STRING, .at = offsetof(struct sig_server_error, field), .max = 64 },
    { .name = "detail", .type = SHAPE_STRING, .at = offsetof(struct sig_server_error, detail), .max = 120 },
};

const struct shape sig_server_shapes[SIG_SERVER_KINDS] = {
    { "welcome", fields_server_welcome, 5, sizeof(struct sig_server_welcome) },
    { "joined", fields_server_joined, 9, sizeof(struct sig_server_joined) },
    { "refused", fields_server_refused, 3, sizeof(struct sig_server_refused) },
    { "answer", fields_server_answer, 1, sizeof(struct sig_server_answer) },
    { "frames", NULL, 0, sizeof(struct sig_server_frames) },
    { "layers", fields_server_layers, 1, sizeof(struct sig_server_layers) },
    { "rates", fields_server_rates, 2, sizeof(struct sig_server_rates) },
    { "key_frame", fields_server_key_frame, 1, sizeof(struct sig_server_key_frame) },
    { "bad_frame", fields_server_bad_frame, 1, sizeof(struct sig_server_bad_frame) },
    { "probe_answer", fields_server_probe_answer, 1, sizeof(struct sig_server_probe_answer) },
    { "measured", fields_server_measured, 2, sizeof(struct sig_server_measured) },
    { "member", fields_server_member, 1, sizeof(struct sig_server_member) },
    { "gone", fields_server_gone, 2, sizeof(struct sig_server_gone) },
    { "members", fields_server_members, 2, sizeof(struct sig_server_members) },
    { "floor", fields_server_floor, 2, sizeof(struct sig_server_floor) },
    { "room", fields_server_room, 4, sizeof(struct sig_server_room) },
    { "lesson", fields_server_lesson, 1, sizeof(struct sig_server_lesson) },
    { "slots", fields_server_slots, 1, sizeof(struct sig_server_slots) },
    { "speaking", fields_server_speaking, 1, sizeof(struct sig_server_speaking) },
    { "chat", fields_server_chat, 1, sizeof(struct sig_server_chat) },
    { "quieted", fields_server_quieted, 2, sizeof(struct sig_server_quieted) },
    { "notice", fields_server_notice, 2, sizeof(struct sig_server_notice) },
    { "closed", fields_server_closed, 1, sizeof(struct sig_server_closed) },
    { "pong", fields_server_pong, 2, sizeof(struct sig_server_pong) },
    { "error", fields_server_error, 4, sizeof(struct sig_server_error) },
};
