// SPDX-License-Identifier: Apache-2.0
//
// Generated from common/protocol/protocol.json by gen.py: change that, not this.
// The signalling messages as types, and the strict check of what the server says.

export const PROTOCOL = 'parta.1';
export const PATH = '/ws';
export const LIMITS = {
  /** a message from the client, in bytes of UTF-8 */
  message_bytes: 40960,
  /** a message from the server */
  server_message_bytes: 262144,
  /** nesting of a message */
  depth: 16,
  /** an SDP text, after unescaping */
  sdp_bytes: 32768,
  /** characters (code points) of a written line, at least 1 */
  chat_chars: 1000,
  /** written lines within `chat_window_ms` */
  chat_burst: 5,
  /** see `chat_burst` */
  chat_window_ms: 3000,
  /** written lines a newcomer is told */
  chat_history: 200,
  /** text of those lines together; older lines are left out */
  chat_history_bytes: 65536,
  /** messages a connection may send at once */
  message_burst: 40,
  /** messages a second that refill the burst */
  message_per_s: 20,
  /** shortest time between two `link` messages */
  link_interval_ms: 5000,
  /** how often a client sends `ping`; the attendance is as exact */
  ping_s: 1,
  /** nothing heard for so long: shown to the others as lost; a lost mentor freezes the room */
  silent_ms: 5000,
  /** a lost connection's seat is kept so long */
  keep_seat_ms: 15000,
  /** filler of one `measure` or `measured` */
  measure_bytes: 32768,
  /** filler that one person may send and ask for, together, within `measure_window_ms` */
  measure_total_bytes: 2097152,
  /** see `measure_total_bytes` */
  measure_window_ms: 60000,
  /** people in one lesson */
  members: 12,
  /** people in one seminar or meeting, its host among them */
  group_members: 100,
  /** people whom one viewer of a group pins */
  view_pins: 6,
  /** shortest time between two `members` of a group */
  batch_ms: 250,
} as const;

/** Framing of media over WebSocket. */
export const MEDIA = {
  /** first byte of every frame */
  version: 1,
  /** before the payload */
  header_bytes: 16,
  /** an Opus packet: it must fit one RTP packet of a receiver on UDP */
  voice_bytes: 1140,
  /** a VP8 frame */
  picture_bytes: 98304,
  /** slots are numbered from 0 to one below this */
  slots: 15,
  /** voice level of digital silence, as -dBov (RFC 6464) */
  level_silent: 127,
  /** temporal layers are numbered from 0 to one below this */
  layers: 4,
  /** largest capture time in us: 2^53 - 1 */
  time_max: 9007199254740991,
  /** a picture that waited longer in a send queue is left out */
  picture_late_ms: 300,
  /** a voice frame is never left out before it waited so long */
  voice_late_ms: 1000,
  /** a socket that took nothing for so long is closed */
  stuck_ms: 10000,
  /** offsets in the header */
  at: {
    version: 0,
    kind: 1,
    flags: 2,
    slot: 3,
    level: 4,
    zero: 5,
    seq: 6,
    time: 8,
  },
  kinds: {
    voice: 1,
    picture: 2,
    screen: 3,
  },
  flags: {
    key: 1,
    droppable: 2,
    sync: 4,
  },
} as const;

export const SOURCE_WORDS = [
  /** the microphone */
  'mic',
  /** the camera */
  'camera',
  /** the screen */
  'screen',
] as const;
export type Source = (typeof SOURCE_WORDS)[number];

export const MEDIA_REFUSAL_WORDS = [
  /** shorter than the header, or no payload */
  'truncated',
  /** payload over `voice_bytes` or `picture_bytes` */
  'oversized',
  /** not `version` */
  'bad_version',
  /** unknown kind */
  'bad_kind',
  /** unknown bits, bits that voice does not have, or `level` or `zero` out of range */
  'bad_flags',
  /** a slot out of range; from a client: any but 0, another's track */
  'bad_slot',
  /** over `time_max` */
  'bad_time',
  /** not one whole VP8 frame or Opus packet, or `key` contradicts it */
  'wrong_codec',
  /** `seq` or `time` does not rise */
  'out_of_order',
  /** a source that this person may not have */
  'not_offered',
  /** over the rate, or more than the server can hold at this moment */
  'too_much',
] as const;
export type MediaRefusal = (typeof MEDIA_REFUSAL_WORDS)[number];

export const SEAT_WORDS = [
  /** a pupil of this lesson */
  'child',
  /** its teacher */
  'mentor',
  /** a pupil's guardian, visible to all */
  'guardian',
  /** a coordinator looking in, visible and announced to all */
  'coordinator',
  /** invited to a group, to speak */
  'speaker',
  /** invited to a group, to listen */
  'listener',
] as const;
export type Seat = (typeof SEAT_WORDS)[number];

export const ROOM_STATE_WORDS = [
  /** the mentor is not in: no media path for children */
  'waiting',
  /** mentor and child can see and hear each other */
  'live',
  /** the mentor dropped out: children's media is stopped until the mentor is back */
  'frozen',
  /** a child rests or the mentor pauses the picture; voice goes on for a screen break, nothing is forwarded from a resting child */
  'resting',
  /** the lesson is over */
  'ended',
] as const;
export type RoomState = (typeof ROOM_STATE_WORDS)[number];

export const REFUSAL_WORDS = [
  /** no valid login session */
  'no_login',
  /** no seat in this lesson, or no such lesson: told alike */
  'not_yours',
  /** before the door opens; `at` says when it opens */
  'too_early',
  /** after the window closed */
  'ended',
  /** the lesson is cancelled */
  'cancelled',
  /** the lesson has been moved; `at` is its new start if the person may know it */
  'moved',
  /** the person's right to be here has ended */
  'right_ended',
  /** a consent the lesson needs is missing or withdrawn */
  'consent',
  /** too many refused tries within a minute; `at` says when to try again */
  'back_off',
  /** every seat is taken */
  'full',
  /** the lesson needs a substitute or is not published yet */
  'not_ready',
  /** the server cannot decide now: fail closed */
  'unavailable',
  /** the person is already in from another device; join again with take_over to move here */
  'seat_taken',
] as const;
export type Refusal = (typeof REFUSAL_WORDS)[number];

export const CLOSE_WORDS = [
  /** the person left */
  'left',
  /** the child needed rest and left */
  'tired',
  /** the lesson's window is over */
  'window_end',
  /** the mentor ended the lesson */
  'mentor_ended',
  /** the same person came in from another device */
  'taken_over',
  /** the lesson was cancelled or moved while it ran */
  'cut_cancelled',
  /** the person's right to be here has ended */
  'cut_right_ended',
  /** a consent was withdrawn */
  'cut_consent',
  /** the login session ended */
  'logged_out',
  /** the server restarts: come back by yourself */
  'server_restart',
] as const;
export type CloseCode = (typeof CLOSE_WORDS)[number];

export const LEAVE_CAUSE_WORDS = [
  /** pressed Leave */
  'left',
  /** needs rest */
  'tired',
  /** connection lost, the seat is kept for a while */
  'lost',
  /** moved to another device */
  'taken_over',
  /** removed by the server */
  'cut',
  /** the lesson is over */
  'window_end',
] as const;
export type LeaveCause = (typeof LEAVE_CAUSE_WORDS)[number];

export const LEAVE_REASON_WORDS = [
  /** pressed Leave */
  'left',
  /** needs rest */
  'tired',
] as const;
export type LeaveReason = (typeof LEAVE_REASON_WORDS)[number];

export const NOTICE_WORDS = [
  /** five minutes are left */
  'five_minutes',
  /** one minute is left */
  'one_minute',
  /** the screen minutes of this lesson are used up: look away, voice goes on */
  'screen_limit',
  /** a guardian or coordinator looked in; `member` says who */
  'visitor_in',
  /** the visitor left; `member` says who */
  'visitor_out',
  /** the mentor is late and is being called */
  'mentor_late',
] as const;
export type NoticeCode = (typeof NOTICE_WORDS)[number];

export const ERROR_WORDS = [
  /** not one strict JSON object */
  'malformed',
  /** no such message */
  'unknown_type',
  /** the message has no such field */
  'unknown_field',
  /** a required field is absent */
  'missing_field',
  /** a field has the wrong type or a value outside its limits */
  'bad_field',
  /** a field or the message is over its limit */
  'too_long',
  /** the message is not allowed in the present state */
  'not_now',
  /** this seat may not do that */
  'not_allowed',
  /** more messages than the limit allows */
  'too_fast',
  /** the offer cannot be used; `detail` says why */
  'bad_offer',
  /** in a group: the host has not given you the word */
  'no_word',
] as const;
export type ErrorCode = (typeof ERROR_WORDS)[number];

export const BREAK_KIND_WORDS = [
  /** a screen break: picture off, voice goes on */
  'screen',
  /** no break */
  'none',
] as const;
export type BreakKind = (typeof BREAK_KIND_WORDS)[number];

export interface LessonInfo {
  id: number;
  /** subject code, for example maths */
  subject: string;
  kind: string;
  start: number;
  end: number;
  opens: number;
  closes: number;
  /** screen seconds allowed in this lesson (R6) */
  screen_limit_s: number;
  /** of a seminar or meeting */
  title?: string | null;
}

export interface Member {
  /** number of the seat within this lesson */
  id: number;
  name: string;
  seat: Seat;
  /** drawn when the camera is off: fox, owl, bear */
  animal: string;
  /** false: connection lost, the seat is kept */
  present: boolean;
  mic: boolean;
  camera: boolean;
  screen: boolean;
  hand: boolean;
  resting: boolean;
  /** 0: voice only: this person wants no pictures now, and sees nobody; left out: wants them */
  pictures?: number | null;
}

export interface Hand {
  member: number;
  /** was heard in this meeting already */
  spoke: boolean;
}

export interface GoneMember {
  member: number;
  cause: LeaveCause;
}

export interface SlotPlan {
  audio: number;
  video: number;
  screen: number;
}

export interface Slot {
  /** a=mid of the recvonly line in the client's offer */
  mid: string;
  /** whose media it carries now, 0 = nobody's */
  member: number;
  /** how much of the picture your own link lets through now: 0 none, the voice only; 1 a still picture every few seconds; 2 some five pictures a second; 3 the lowest layer, or the only one; 4 the second; 5 the third. Below 3 the link is weak. Left out where nobody is shown, and for voices */
  step?: number | null;
}

export interface ChatLine {
  from: number;
  name: string;
  text: string;
  at: number;
}

/** Asks for the seat in a lesson. */
export interface ClientJoin {
  type: 'join';
  lesson: number;
  /** true: close my other device */
  take_over: boolean;
  /** token of the seat this client held */
  resume?: string | null;
}

/** The one SDP offer of a media connection: the first, or one in the place of the one before. */
export interface ClientOffer {
  type: 'offer';
  sdp: string;
}

/** Asks for media over this WebSocket in the place of `offer`, where UDP does not get through, also after an answer. Slots are those of `joined.slots`: audio slots first, then video slots, then the screen slot, numbered from 0. */
export interface ClientFrames {
  type: 'frames';
}

/** What this person sends now. */
export interface ClientState {
  type: 'state';
  mic: boolean;
  camera: boolean;
  /** mentor only */
  screen: boolean;
}

/** Raises or lowers the hand. */
export interface ClientHand {
  type: 'hand';
  up: boolean;
}

/** Writes to everyone in the lesson. No control characters except line feed. */
export interface ClientChat {
  type: 'chat';
  text: string;
}

/** Voice only: no picture of anybody, and no screen, is sent to this person, until it wants them again. Wanted by every new connection. */
export interface ClientPictures {
  type: 'pictures';
  want: boolean;
}

/** "I am tired": a child pauses, or comes back. Nothing of a resting child is forwarded. */
export interface ClientRest {
  type: 'rest';
  on: boolean;
}

/** The mentor calls or ends a screen break. */
export interface ClientBreak {
  type: 'break';
  kind: BreakKind;
}

/** The mentor mutes a child or stops its camera, the host of a group anybody's; never the other way round. */
export interface ClientQuiet {
  type: 'quiet';
  member: number;
  /** true: mute */
  mic: boolean;
  /** true: stop */
  camera: boolean;
}

/** The host of a group gives the word or takes it back. What the other sends begins only when its own `state` says so, and ends at once when the word is taken. */
export interface ClientWord {
  type: 'word';
  member: number;
  give: boolean;
}

/** The host of a group lowers a hand, or all of them. */
export interface ClientLower {
  type: 'lower';
  /** 0: all */
  member: number;
}

/** Whose pictures this viewer of a group wants. Kept while the seat is kept. */
export interface ClientView {
  type: 'view';
  /** 0: who speaks and spoke last */
  page: number;
  /** numbers of members, in the order of wish */
  pins: number[];
}

/** The mentor ends the lesson for everyone. */
export interface ClientEnd {
  type: 'end';
}

/** Leaves the seat for good. */
export interface ClientLeave {
  type: 'leave';
  reason: LeaveReason;
}

/** What this client measures of its own link, at most once in 5 s. */
export interface ClientLink {
  type: 'link';
  loss_permille: number;
  rtt_ms: number;
  up_kbps: number;
  down_kbps: number;
}

/** Ready check: an offer for a connection that reaches the server and carries nothing to anybody. Answered by `probe_answer`; closed by the server after 20 s. Not allowed inside a lesson. */
export interface ClientProbe {
  type: 'probe';
  sdp: string;
}

/** Path test: filler to send, or to be sent, so that the client can take the time. Answered by `measured`. Not allowed while the person is in a lesson on any connection; `too_fast` when its share is used up, or the server's. */
export interface ClientMeasure {
  type: 'measure';
  id: number;
  /** how much filler the answer is to carry */
  bytes: number;
  /** thrown away */
  filler?: string | null;
}

/** Answered by `pong` with the same id. */
export interface ClientPing {
  type: 'ping';
  id: number;
}

export type ClientMessage =
  | ClientJoin
  | ClientOffer
  | ClientFrames
  | ClientState
  | ClientHand
  | ClientChat
  | ClientPictures
  | ClientRest
  | ClientBreak
  | ClientQuiet
  | ClientWord
  | ClientLower
  | ClientView
  | ClientEnd
  | ClientLeave
  | ClientLink
  | ClientProbe
  | ClientMeasure
  | ClientPing
  ;

/** First message of a connection. */
export interface ServerWelcome {
  type: 'welcome';
  protocol: string;
  now: number;
  user: number;
  name: string;
  ping_s: number;
}

/** The seat is taken. */
export interface ServerJoined {
  type: 'joined';
  lesson: LessonInfo;
  you: number;
  resume: string;
  state: RoomState;
  slots: SlotPlan;
  members: Member[];
  chat: ChatLine[];
  screen_used_s: number;
  now: number;
}

/** No seat. The code chooses the sentence. */
export interface ServerRefused {
  type: 'refused';
  code: Refusal;
  lesson: number;
  at?: number | null;
}

/** The answer to `offer`. */
export interface ServerAnswer {
  type: 'answer';
  sdp: string;
}

/** The answer to `frames`: from now on binary messages are frames of media, both ways. Before it, a binary message closes the connection. */
export interface ServerFrames {
  type: 'frames';
}

/** Which layers of its camera a client that offered more than one (simulcast) is to send from now on; nobody receives the others. Until told, it sends the highest only. */
export interface ServerLayers {
  type: 'layers';
  /** bit 0 for the lowest layer */
  camera: number;
}

/** What the encoders of this client's voice and camera may make at most, for the sake of the only other person, whose link takes no more; and whose own link may be too narrow for more. The camera is told so where it has one layer, and where nothing fits beside the voice: of what is below 28000 bit/s no picture is made. Until told, and with 0, as much as it likes. */
export interface ServerRates {
  type: 'rates';
  /** bit/s */
  voice: number;
  /** bit/s */
  camera: number;
}

/** The encoder of this source is to make a key frame now. */
export interface ServerKeyFrame {
  type: 'key_frame';
  source: Source;
}

/** A frame was refused and changed nothing. Told at most once a second. */
export interface ServerBadFrame {
  type: 'bad_frame';
  code: MediaRefusal;
}

/** The answer to `probe`. */
export interface ServerProbeAnswer {
  type: 'probe_answer';
  sdp: string;
}

/** The answer to `measure`, with the same id, when all of it has come. */
export interface ServerMeasured {
  type: 'measured';
  id: number;
  /** as many characters as were asked for */
  filler: string;
}

/** A person came, or something about a person changed. */
export interface ServerMember {
  type: 'member';
  member: Member;
}

/** A person left for good. */
export interface ServerGone {
  type: 'gone';
  member: number;
  cause: LeaveCause;
}

/** In a group, in the place of `member` and `gone`: everything about people that changed since the last one. First those who left, then those who came or changed. */
export interface ServerMembers {
  type: 'members';
  members: Member[];
  gone: GoneMember[];
}

/** In a group, behind `joined` and on change: who has the word, and all raised hands in the order in which they are called. */
export interface ServerFloor {
  type: 'floor';
  /** numbers of members, the host among them */
  word: number[];
  hands: Hand[];
}

/** The room changed its state. */
export interface ServerRoom {
  type: 'room';
  state: RoomState;
  break: BreakKind;
  screen_used_s: number;
  at: number;
}

/** The schedule of this lesson changed (for example its end). */
export interface ServerLesson {
  type: 'lesson';
  lesson: LessonInfo;
}

/** Which member's media each receive slot carries. */
export interface ServerSlots {
  type: 'slots';
  slots: Slot[];
}

/** Who is heard now. */
export interface ServerSpeaking {
  type: 'speaking';
  /** numbers of members */
  members: number[];
}

/** A written line. */
export interface ServerChat {
  type: 'chat';
  line: ChatLine;
}

/** The mentor muted you or stopped your camera. */
export interface ServerQuieted {
  type: 'quieted';
  mic: boolean;
  camera: boolean;
}

/** Something to be told once. */
export interface ServerNotice {
  type: 'notice';
  code: NoticeCode;
  member?: number | null;
}

/** You are no longer in the lesson. */
export interface ServerClosed {
  type: 'closed';
  code: CloseCode;
}

/** Answer to `ping`. */
export interface ServerPong {
  type: 'pong';
  id: number;
  now: number;
}

/** A message was refused; nothing changed. */
export interface ServerError {
  type: 'error';
  code: ErrorCode;
  /** type of the refused message, or empty */
  re: string;
  field: string;
  detail: string;
}

export type ServerMessage =
  | ServerWelcome
  | ServerJoined
  | ServerRefused
  | ServerAnswer
  | ServerFrames
  | ServerLayers
  | ServerRates
  | ServerKeyFrame
  | ServerBadFrame
  | ServerProbeAnswer
  | ServerMeasured
  | ServerMember
  | ServerGone
  | ServerMembers
  | ServerFloor
  | ServerRoom
  | ServerLesson
  | ServerSlots
  | ServerSpeaking
  | ServerChat
  | ServerQuieted
  | ServerNotice
  | ServerClosed
  | ServerPong
  | ServerError
  ;

type Rule =
  | { t: 'bool' }
  | { t: 'int'; min: number; max: number; optional?: true }
  | { t: 'string'; max: number; optional?: true }
  | { t: 'ints'; max: number }
  | { t: 'enum'; words: readonly string[] }
  | { t: 'struct'; of: string }
  | { t: 'list'; of: string; max: number };

const STRUCT_RULES: Record<string, Record<string, Rule>> = {
  lesson_info: {
    id: { t: 'int', min: 1, max: 9007199254740991 },
    subject: { t: 'string', max: 80 },
    kind: { t: 'string', max: 24 },
    start: { t: 'int', min: 0, max: 9007199254740991 },
    end: { t: 'int', min: 0, max: 9007199254740991 },
    opens: { t: 'int', min: 0, max: 9007199254740991 },
    closes: { t: 'int', min: 0, max: 9007199254740991 },
    screen_limit_s: { t: 'int', min: 0, max: 36000 },
    title: { t: 'string', max: 160, optional: true },
  },
  member: {
    id: { t: 'int', min: 1, max: 65535 },
    name: { t: 'string', max: 160 },
    seat: { t: 'enum', words: SEAT_WORDS },
    animal: { t: 'string', max: 16 },
    present: { t: 'bool' },
    mic: { t: 'bool' },
    camera: { t: 'bool' },
    screen: { t: 'bool' },
    hand: { t: 'bool' },
    resting: { t: 'bool' },
    pictures: { t: 'int', min: 0, max: 1, optional: true },
  },
  hand: {
    member: { t: 'int', min: 1, max: 65535 },
    spoke: { t: 'bool' },
  },
  gone_member: {
    member: { t: 'int', min: 1, max: 65535 },
    cause: { t: 'enum', words: LEAVE_CAUSE_WORDS },
  },
  slot_plan: {
    audio: { t: 'int', min: 0, max: 3 },
    video: { t: 'int', min: 0, max: 11 },
    screen: { t: 'int', min: 0, max: 1 },
  },
  slot: {
    mid: { t: 'string', max: 16 },
    member: { t: 'int', min: 0, max: 65535 },
    step: { t: 'int', min: 0, max: 5, optional: true },
  },
  chat_line: {
    from: { t: 'int', min: 1, max: 65535 },
    name: { t: 'string', max: 160 },
    text: { t: 'string', max: 4000 },
    at: { t: 'int', min: 0, max: 9007199254740991 },
  },
};

const SERVER_RULES: Record<string, Record<string, Rule>> = {
  welcome: {
    protocol: { t: 'string', max: 16 },
    now: { t: 'int', min: 0, max: 9007199254740991 },
    user: { t: 'int', min: 1, max: 9007199254740991 },
    name: { t: 'string', max: 160 },
    ping_s: { t: 'int', min: 1, max: 60 },
  },
  joined: {
    lesson: { t: 'struct', of: 'lesson_info' },
    you: { t: 'int', min: 1, max: 65535 },
    resume: { t: 'string', max: 64 },
    state: { t: 'enum', words: ROOM_STATE_WORDS },
    slots: { t: 'struct', of: 'slot_plan' },
    members: { t: 'list', of: 'member', max: 100 },
    chat: { t: 'list', of: 'chat_line', max: 200 },
    screen_used_s: { t: 'int', min: 0, max: 86400 },
    now: { t: 'int', min: 0, max: 9007199254740991 },
  },
  refused: {
    code: { t: 'enum', words: REFUSAL_WORDS },
    lesson: { t: 'int', min: 1, max: 9007199254740991 },
    at: { t: 'int', min: 0, max: 9007199254740991, optional: true },
  },
  answer: {
    sdp: { t: 'string', max: 32768 },
  },
  frames: {
  },
  layers: {
    camera: { t: 'int', min: 1, max: 7 },
  },
  rates: {
    voice: { t: 'int', min: 0, max: 510000 },
    camera: { t: 'int', min: 0, max: 20000000 },
  },
  key_frame: {
    source: { t: 'enum', words: SOURCE_WORDS },
  },
  bad_frame: {
    code: { t: 'enum', words: MEDIA_REFUSAL_WORDS },
  },
  probe_answer: {
    sdp: { t: 'string', max: 32768 },
  },
  measured: {
    id: { t: 'int', min: 0, max: 2147483647 },
    filler: { t: 'string', max: 32768 },
  },
  member: {
    member: { t: 'struct', of: 'member' },
  },
  gone: {
    member: { t: 'int', min: 1, max: 65535 },
    cause: { t: 'enum', words: LEAVE_CAUSE_WORDS },
  },
  members: {
    members: { t: 'list', of: 'member', max: 100 },
    gone: { t: 'list', of: 'gone_member', max: 100 },
  },
  floor: {
    word: { t: 'ints', max: 100 },
    hands: { t: 'list', of: 'hand', max: 100 },
  },
  room: {
    state: { t: 'enum', words: ROOM_STATE_WORDS },
    break: { t: 'enum', words: BREAK_KIND_WORDS },
    screen_used_s: { t: 'int', min: 0, max: 86400 },
    at: { t: 'int', min: 0, max: 9007199254740991 },
  },
  lesson: {
    lesson: { t: 'struct', of: 'lesson_info' },
  },
  slots: {
    slots: { t: 'list', of: 'slot', max: 15 },
  },
  speaking: {
    members: { t: 'ints', max: 12 },
  },
  chat: {
    line: { t: 'struct', of: 'chat_line' },
  },
  quieted: {
    mic: { t: 'bool' },
    camera: { t: 'bool' },
  },
  notice: {
    code: { t: 'enum', words: NOTICE_WORDS },
    member: { t: 'int', min: 0, max: 65535, optional: true },
  },
  closed: {
    code: { t: 'enum', words: CLOSE_WORDS },
  },
  pong: {
    id: { t: 'int', min: 0, max: 2147483647 },
    now: { t: 'int', min: 0, max: 9007199254740991 },
  },
  error: {
    code: { t: 'enum', words: ERROR_WORDS },
    re: { t: 'string', max: 64 },
    field: { t: 'string', max: 64 },
    detail: { t: 'string', max: 120 },
  },
};
export type Parsed =
  | { ok: true; message: ServerMessage }
  | { ok: false; code: ErrorCode; field: string };

interface Fault {
  code: ErrorCode;
  field: string;
}

function utf8Bytes(text: string): number {
  let n = 0;
  for (const c of text) {
    const point = c.codePointAt(0) ?? 0;
    n += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return n;
}

function isObject(v: unknown): v is Record<string, unknown> {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}

function isInt(v: unknown, min: number, max: number): boolean {
  return typeof v === 'number' && Number.isInteger(v) && v >= min && v <= max;
}

function checkList(v: unknown, max: number, field: string): Fault | null {
  if (!Array.isArray(v)) return { code: 'bad_field', field };
  return v.length > max ? { code: 'too_long', field } : null;
}

function checkStruct(of: string, v: unknown, field: string): Fault | null {
  const rules = STRUCT_RULES[of];
  if (!rules || !isObject(v)) return { code: 'bad_field', field };
  const fault = checkFields(rules, v);
  return fault && { code: fault.code, field: `${field}.${fault.field}` };
}

function checkValue(rule: Rule, v: unknown, field: string): Fault | null {
  const bad: Fault = { code: 'bad_field', field };
  switch (rule.t) {
    case 'bool':
      return typeof v === 'boolean' ? null : bad;
    case 'int':
      return isInt(v, rule.min, rule.max) ? null : bad;
    case 'string':
      if (typeof v !== 'string') return bad;
      return utf8Bytes(v) > rule.max ? { code: 'too_long', field } : null;
    case 'enum':
      return typeof v === 'string' && rule.words.includes(v) ? null : bad;
    case 'struct':
      return checkStruct(rule.of, v, field);
    case 'ints':
      return (
        checkList(v, rule.max, field) ??
        ((v as unknown[]).every((n) => isInt(n, 1, 65535)) ? null : bad)
      );
    case 'list': {
      const fault = checkList(v, rule.max, field);
      if (fault) return fault;
      for (const item of v as unknown[]) {
        const inner = checkStruct(rule.of, item, field);
        if (inner) return inner;
      }
      return null;
    }
  }
}

function checkFields(rules: Record<string, Rule>, v: Record<string, unknown>): Fault | null {
  for (const [name, rule] of Object.entries(rules)) {
    const value = v[name];
    const optional = 'optional' in rule && rule.optional === true;
    if (value === undefined || (value === null && optional)) {
      if (optional) continue;
      return { code: 'missing_field', field: name };
    }
    const fault = checkValue(rule, value, name);
    if (fault) return fault;
  }
  for (const name of Object.keys(v)) {
    if (!Object.hasOwn(rules, name)) return { code: 'unknown_field', field: name };
  }
  return null;
}

/** One message of the server, or what is wrong with it. */
export function parseServer(text: string): Parsed {
  let v: unknown;
  try {
    v = JSON.parse(text);
  } catch {
    return { ok: false, code: 'malformed', field: '' };
  }
  if (!isObject(v)) return { ok: false, code: 'malformed', field: '' };
  const { type, ...fields } = v;
  if (typeof type !== 'string') {
    const code = type === undefined ? 'missing_field' : 'bad_field';
    return { ok: false, code, field: 'type' };
  }
  const rules = Object.hasOwn(SERVER_RULES, type) ? SERVER_RULES[type] : undefined;
  if (!rules) return { ok: false, code: 'unknown_type', field: 'type' };
  const fault = checkFields(rules, fields);
  return fault ? { ok: false, ...fault } : { ok: true, message: v as unknown as ServerMessage };
}

export function encodeClient(message: ClientMessage): string {
  return JSON.stringify(message);
}
