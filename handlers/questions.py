"""Câu hỏi về Sổ tay: a short answer, then on with the step where the person was."""

from __future__ import annotations

from dataclasses import replace

from bot.context import HOME, Answer, Context
from bot.core import questions
from bot.core.guide import Option, Question
from bot.core.messages import Choice, Reply
from bot.core.routing import Routes
from storage import unanswered

route = Routes("questions")

_LESSON = ("guide:step", "guide:stuck")


@route.screen("answer")
def answer(ctx: Context, question_id: str) -> Reply:
    """One answer with its ways on; somebody else's old button may name one that is gone."""
    question = ctx.library.questions.get(question_id)
    if question is None:
        return ctx.reply("questions.gone")
    own = tuple(map(_choice, question.choices))
    return Reply(_say(ctx, question), own or ctx.words("questions.on").choices)


@route.intent("question")
def asked(ctx: Context) -> Answer:
    """The answer to what was asked; in a lesson, and then the same step again."""
    meaning = ctx.heard.meaning
    question = questions.answer(tuple(ctx.library.questions.values()), meaning.intent, ctx.heard.text)
    if question is None:
        return ctx.go(HOME, opening=ctx.words("questions.none").text)
    if meaning.intent == "out_of_scope":
        unanswered.note(ctx.conn, ctx.heard.text, ctx.now)
    if meaning.intent == "scam":
        return ctx.go("scam:card", opening=_say(ctx, question))
    return _shown(ctx, question)


@route.tap("about", always=True)
def about(ctx: Context, intent: str) -> Answer:
    """The general answer of an intent, chosen where the bot was unsure."""
    question = next((each for each in ctx.library.questions.values() if each.intent == intent), None)
    return _shown(ctx, question) if question else ctx.here()


def _shown(ctx: Context, question: Question) -> Answer:
    if ctx.place.route in _LESSON:
        step = ctx.here()
        return replace(step, replies=(Reply(_say(ctx, question)), *step.replies))
    return ctx.go(f"questions:answer:{question.id}")


def _say(ctx: Context, question: Question) -> str:
    """The answer, or the honest stand-in while the commune has not filled a word of it."""
    return ctx.fill(question.until_confirmed if ctx.house.words.missing(question.say) else question.say)


def _choice(option: Option) -> Choice:
    return Choice(questions.WAYS.get(option.go) or f"guide:start:{option.go}", option.label)
