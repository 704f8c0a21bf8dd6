"""The interpreter, verb by verb where it matters."""

from __future__ import annotations

import pytest

from app.telephony.ivr import commands as c
from app.telephony.ivr import machine
from app.telephony.ivr.events import Digits, Done, Failed, Hangup, NoInput, WrongInput
from app.telephony.ivr.pieces import Prompt, Spoken, Text
from app.telephony.ivr.run import MAX_SILENT
from tests.telephony.ivr.flows import DEFAULTS, NOW, Call, flow_set, flow_set_of

MENU = """
  first:
    kind: menu
    prompt: ask
    choices: {"1": one, "2": {goto: two, when: language = "en"}, "8": back}
    wrong_input: {tries: 2, prompt: again, goto: gone_wrong}
  one: {kind: hangup, prompt: one}
  two: {kind: hangup, prompt: two}
  gone_wrong: {kind: hangup, prompt: wrong}
"""


def test_a_call_goes_from_node_to_node_until_something_waits() -> None:
    call = Call(
        flow_set(
            "  first: {kind: answer, next: hello}\n  hello: {kind: play, prompt: [hello, {text: 你好}], next: hangup}"
        )
    )
    assert isinstance(call.last, c.Answer)
    assert call(Done()).last.pieces == (Prompt("hello"), Text("你好"))
    assert isinstance(call(Done()).last, c.Hangup)
    assert call.state.ended
    assert call.path == ["first", "hello"]


def test_no_input_and_wrong_input_are_counted_apart_and_leave_by_their_own_exits() -> None:
    call = Call(flow_set(MENU))
    assert call(NoInput()).last.pieces == (Prompt("no_input"), Prompt("ask"))
    assert call(WrongInput("7")).last.pieces == (Prompt("again"), Prompt("ask"))
    assert call(NoInput()).last.pieces == (Prompt("no_input"), Prompt("ask"))
    assert call(WrongInput("7")).path[-1] == "gone_wrong"

    silent = Call(flow_set(MENU))
    for _again in range(3):
        silent(NoInput())
    assert isinstance(silent.last, c.Hangup)


@pytest.mark.parametrize("value", ["7", "", "1" * 40, "1\n", "x"])
def test_what_a_menu_does_not_offer_is_wrong_whatever_the_line_says(value: str) -> None:
    call = Call(flow_set(MENU))(Digits(value))
    assert call.state.node == "first"
    assert isinstance(call.last, c.Gather)


def test_a_choice_that_does_not_hold_is_a_wrong_input() -> None:
    assert Call(flow_set(MENU))(Digits("2")).last.pieces[0] == Prompt("again")


def test_keys_that_hold_everywhere_repeat_go_back_and_lead_elsewhere() -> None:
    flows = flow_set(
        """
  first: {kind: menu, prompt: top, choices: {"1": inner, "0": own}}
  own: {kind: hangup}
  inner: {kind: menu, prompt: inner, choices: {"1": ask}}
  ask: {kind: gather, prompt: number, into: number, max: 8, next: hangup}
""",
        defaults=DEFAULTS + 'keys: {"9": repeat, "*": back, "0": "flow:agent"}',
        agent="nodes:\n  first: {kind: queue, queue: service, next: hangup}",
    )
    call = Call(flows)(Digits("1"))
    assert call(Digits("9")).last.pieces == (Prompt("inner"),)
    assert call(Digits("*")).state.node == "first"
    assert call(Digits("1"))(Digits("1")).last.terminators == "#*"
    assert call(Digits("", "*")).state.node == "inner", "back from digits leads to the menu before"
    assert call(Digits("1"))(Digits("0")).state.flow == "main", "a digit of the answer is no key"
    agent = Call(flows)(Digits("1"))(Digits("0"))
    assert (agent.state.flow, agent.last.name) == ("agent", "service")
    assert Call(flows)(Digits("0")).state.ended, "the menu's own 0 goes before the one that holds everywhere"


def test_back_leaves_a_subflow_that_has_no_menu_of_its_own() -> None:
    flows = flow_set(
        '  first: {kind: menu, prompt: top, choices: {"1": down}}\n  down: {kind: subflow, flow: inner, next: hangup}',
        defaults=DEFAULTS + 'keys: {"*": back}',
        inner="nodes:\n  first: {kind: gather, prompt: number, into: number, max: 8, next: return}",
    )
    call = Call(flows)(Digits("1"))
    assert [frame.flow for frame in call.state.frames] == ["main", "inner"]
    call(Digits("", "*"))
    assert (call.state.node, len(call.state.frames)) == ("first", 1)


def test_a_question_is_not_repeated_for_ever() -> None:
    call = Call(flow_set(MENU, defaults=DEFAULTS + 'keys: {"9": repeat}'))
    for _again in range(11):
        call(Digits("9"))
    assert call.last.pieces[0] == Prompt("again")


GATHER = """
  first:
    kind: gather
    prompt: number
    into: account
    min: 4
    max: 6
    pattern: "[0-9]+"
    mask: true
    valid: starts with(value, "1")
    check: {lookup: find, inputs: {account: value}, into: found, valid: result.known}
    confirm: {prompt: [you_typed, {say: value, as: digits}, {say: found.name, as: text}]}
    next: done
  done: {kind: hangup}
"""


def test_digits_are_checked_asked_about_and_read_back() -> None:
    call = Call(flow_set(GATHER))
    assert (call.last.min, call.last.max, call.last.mask) == (4, 6, True)
    assert call(Digits("2222")).last.pieces[0] == Prompt("wrong_input")
    asked = call(Digits("1234", "#")).last
    assert (asked.name, asked.inputs, asked.timeout) == ("find", {"account": "1234"}, 5.0)
    back = call(Done(asked.id, {"known": True, "name": "张三"})).last
    assert back.pieces == (Prompt("you_typed"), Spoken("digits", "1234"), Text("张三"))
    assert call(Digits("2")).last.max == 6, "no: the digits once more"
    asked = call(Digits("1235")).last
    call(Done(asked.id, {"known": True, "name": "李四"}))(Digits("1"))
    assert call.variables["account"] == "1235"
    assert call.variables["found"]["name"] == "李四"
    assert call.state.shown()["account"] == "****"


def test_never_fewer_digits_than_min_are_taken() -> None:
    assert Call(flow_set(GATHER))(Digits("123")).last.pieces[0] == Prompt("wrong_input")


def test_a_check_that_says_no_counts_as_wrong_input() -> None:
    call = Call(flow_set(GATHER))
    for _again in range(3):
        call(Digits("1234"))(Done(0, {"known": False}))
    assert call.state.ended


def test_late_answers_and_answers_of_the_wrong_kind_change_nothing() -> None:
    call = Call(flow_set(GATHER))
    before = call.state
    for event in (Done(), Done(999, {}), Digits("1234", "", 999), NoInput(999)):
        assert call(event).state == before
        assert call.commands == []


LOOKUP = """
  first:
    kind: lookup
    lookup: bill
    inputs: {account: '"1001"'}
    into: bill
    on_timeout: late
    on_error: failed
    next: say
  say: {kind: say, value: bill.amount, as: money, next: hangup, on_error: failed}
  late: {kind: hangup, prompt: late}
  failed: {kind: hangup, prompt: failed}
"""


def test_a_lookup_answers_fails_or_comes_late() -> None:
    asked = Call(flow_set(LOOKUP))
    assert asked.last.inputs == {"account": "1001"}
    assert asked(Done(0, {"amount": 12.5})).last.pieces == (Spoken("money", 12.5),)
    assert Call(flow_set(LOOKUP))(Failed(0, "timeout")).path[-1] == "late"
    assert Call(flow_set(LOOKUP))(Failed(0, "unavailable")).path[-1] == "failed"


def test_half_a_sentence_is_never_said() -> None:
    assert Call(flow_set(LOOKUP))(Done(0, {"amount": None})).path[-1] == "failed"


def test_a_result_that_no_state_can_hold_is_an_error() -> None:
    assert Call(flow_set(LOOKUP))(Done(0, {"amount": object()})).path[-1] == "failed"
    deep: dict[str, object] = {}
    for _level in range(40):
        deep = {"deeper": deep}
    assert Call(flow_set(LOOKUP))(Done(0, deep)).path[-1] == "failed"


def test_an_identified_caller_is_known_to_what_follows() -> None:
    flows = flow_set("""
  first:
    kind: lookup
    lookup: check
    identifies: {when: result.right, as: result.account, refused: hangup}
    next: bill
  bill: {kind: lookup, lookup: bill, inputs: {account: identified}, next: hangup}
""")
    assert Call(flows)(Done(0, {"right": False, "account": "7"})).state.ended
    asked = Call(flows)(Done(0, {"right": True, "account": 7})).last
    assert (asked.identified, asked.inputs) == ("7", {"account": "7"})


def test_subflows_have_variables_of_their_own_and_come_back_by_an_exit() -> None:
    flows = flow_set(
        """
  first: {kind: set, values: {place: '"北"', secret: "1"}, next: down}
  down: {kind: subflow, flow: inner, inputs: {where: place}, outputs: {found: result}, exits: {none: lost}, next: told}
  told: {kind: play, prompt: [{say: found, as: text}], next: hangup}
  lost: {kind: hangup}
""",
        inner="""inputs: {where: null, other: "默认"}
outputs: [result]
exits: [done, none]
nodes:
  first: {kind: set, values: {result: where + other, secret: "2"}, next: choose}
  choose: {kind: branch, cases: [{when: result = null, goto: "return:none"}], otherwise: return}
""",
    )
    call = Call(flows)
    assert call.last.pieces == (Text("北默认"),)
    assert call.variables["secret"] == 1


def test_errors_go_up_to_those_who_called() -> None:
    flows = flow_set(
        "  first: {kind: subflow, flow: inner, next: hangup, on_error: sorry}\n  sorry: {kind: hangup, prompt: sorry}",
        defaults="{}",
        inner="nodes:\n  first: {kind: lookup, lookup: a, next: return}",
    )
    call = Call(flows)(Failed(0, "unavailable"))
    assert (call.state.flow, call.state.node) == ("main", "sorry")


def test_a_handler_that_fails_itself_ends_the_call() -> None:
    flows = flow_set(
        "  first: {kind: lookup, lookup: a, next: hangup}",
        defaults="on_error: flow:sorry",
        sorry="nodes:\n  first: {kind: lookup, lookup: b, next: hangup}",
    )
    call = Call(flows)(Failed())
    assert call.state.flow == "sorry"
    assert call(Failed()).last.cause == "NORMAL_TEMPORARY_FAILURE"


HANGUP = """
  first: {kind: record, name: fault, into: said, next: start}
  start: {kind: start_process, process: fault, data: {said: said.file}, next: text}
  text: {kind: sms, text: '"ok"', next: thanks}
  thanks: {kind: play, prompt: thanks, next: hangup}
  after: {kind: tag, tags: {left: call.hangup_cause}, next: hangup}
"""


def with_handler() -> Call:
    return Call(flow_set_of("entry: true\non_hangup: after\nnodes:\n" + HANGUP))


def test_who_hangs_up_where_a_caller_is_needed_is_followed_by_the_handler() -> None:
    call = with_handler()(Hangup("ORIGINATOR_CANCEL"))
    assert call.path[-1] == "after"
    assert [type(command) for command in call.commands] == [c.Tag]
    assert call.commands[0].value == "ORIGINATOR_CANCEL"  # type: ignore[attr-defined]
    assert call.state.ended
    assert call(Hangup()).commands == []


def test_what_is_being_done_when_the_caller_goes_is_done_and_what_needs_nobody_follows() -> None:
    call = with_handler()(Done(0, {"file": "a.wav", "seconds": 9}))
    assert isinstance(call.last, c.StartProcess)
    assert call(Hangup()).commands == []
    assert isinstance(call(Done(0, {"business_key": "GD1"})).last, c.Sms)
    call(Done())
    assert call.path[-1] == "after", "nobody is there to be thanked"
    assert call.state.ended


def test_a_loop_goes_round_a_list_and_no_more_often_than_it_says() -> None:
    flows = flow_set("""
  first: {kind: set, values: {bills: "[5, 6, 7, 8]"}, next: each}
  each: {kind: loop, times: 3, over: bills, item: bill, index: n, body: say, next: hangup}
  say: {kind: play, prompt: [{say: bill, as: number}, {text: 完, when: n = 3}], next: each}
""")
    call = Call(flows)
    heard = []
    while not call.state.ended:
        heard += call.last.pieces
        call(Done())
    assert heard == [Spoken("number", 5), Spoken("number", 6), Spoken("number", 7), Text("完")]


def test_a_call_that_runs_in_circles_is_hung_up() -> None:
    flows = flow_set("  first: {kind: set, values: {a: a + 1}, next: first}")
    call = Call(flows)
    assert call.state.ended
    assert len(call.path) == MAX_SILENT + 1
    talking = Call(flow_set("  first: {kind: play, prompt: on, next: first}"))
    for _again in range(MAX_SILENT + 1):
        talking(Done())
    assert talking.state.ended


TYPED = """
  first: {kind: play, prompt: hello, next: menu}
  menu: {kind: menu, prompt: ask, choices: {"1": hangup}}
"""


def test_keys_typed_ahead_answer_the_menu_that_follows() -> None:
    assert Call(flow_set(TYPED))(Done(0, {"digits": "1"})).last.typed == "1"
    deaf = TYPED.replace("prompt: hello", "prompt: hello, barge_in: false")
    assert Call(flow_set(deaf))(Done(0, {"digits": "1"})).last.typed == ""


def test_the_language_changes_what_is_said() -> None:
    flows = flow_set("""
  first: {kind: language, to: en, next: say}
  say: {kind: play, prompt: {text: 你好, text_en: Hello}, next: hangup}
""")
    call = Call(flows)
    assert [type(command) for command in call.commands] == [c.SetLanguage, c.Play]
    assert (call.last.language, call.last.pieces) == ("en", (Text("Hello"),))


def test_a_queue_leads_on_by_what_came_of_it() -> None:
    nodes = """
  first:
    kind: queue
    queue: service
    offer: {prompt: offer, after: 30, keys: {"1": back_later}}
    timeout: late
    next: survey
  back_later: {kind: callback, queue: service, into: kept, next: hangup}
  late: {kind: hangup, prompt: late}
  survey:
    kind: survey
    survey: after_call
    prompt: how
    answers: {"1": 满意, "2": {title: 不满意, title_en: Not satisfied}}
    into: answer
    next: hangup
"""
    call = Call(flow_set(nodes))
    assert (call.last.keys, call.last.offer_after) == ("1", 30.0)
    assert call(Done(0, {"outcome": "answered"}))(Digits("2")).last.label == "不满意"
    assert call(Done()).variables["answer"] == "2"
    assert Call(flow_set(nodes))(Done(0, {"outcome": "key", "key": "1"})).last.number == "13800000000"
    assert Call(flow_set(nodes))(Done(0, {"outcome": "timeout"})).path[-1] == "late"
    assert Call(flow_set(nodes))(Done(0, {"outcome": "full"})).path[-1] == "survey"
    assert Call(flow_set(nodes))(Done(0, {"outcome": "key", "key": "9"})).state.ended, "a line that lies"


def test_other_versions_of_the_flows_are_refused() -> None:
    call = Call(flow_set(MENU))
    with pytest.raises(machine.OtherVersions):
        machine.step(flow_set(MENU + "\n"), call.state, Digits("1"), NOW)


def test_a_flow_that_does_not_exist_is_refused() -> None:
    with pytest.raises(machine.UnknownFlow):
        machine.begin(flow_set(MENU), "nothing", {}, NOW)
