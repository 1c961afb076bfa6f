"""The map of the stair: every step a loss goes through, from its file to the files that follow from it.

Each step is a line that names its room; what a step gives is computed when it is asked for, and kept.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType

from w2v_verified.symbolic.algebra.context import Context
from w2v_verified.symbolic.algebra.work import LIMIT, Effort
from w2v_verified.symbolic.calculus.adjoints import Adjoint, derive, derived_program
from w2v_verified.symbolic.calculus.law_lines import Derived
from w2v_verified.symbolic.calculus.laws import CLAIM, RELABELLED, STATED, LawSteps
from w2v_verified.symbolic.calculus.steps import Steps
from w2v_verified.symbolic.definition.catalogue import registered
from w2v_verified.symbolic.definition.common_laws import laws_of
from w2v_verified.symbolic.definition.loss import Loss
from w2v_verified.symbolic.definition.problem import Problem
from w2v_verified.symbolic.document.document import Document
from w2v_verified.symbolic.document.explain import explain
from w2v_verified.symbolic.document.laws import LawPage
from w2v_verified.symbolic.language.errors import ProofError
from w2v_verified.symbolic.language.naming import Namer
from w2v_verified.symbolic.page.markdown import NOTEBOOK, markdown
from w2v_verified.symbolic.page.page import Page
from w2v_verified.symbolic.page.tex import tex
from w2v_verified.symbolic.plan.plan import Plan
from w2v_verified.symbolic.plan.roads import Roads, planned
from w2v_verified.symbolic.printing.index import index_module
from w2v_verified.symbolic.printing.laws import stated
from w2v_verified.symbolic.printing.module import module
from w2v_verified.symbolic.printing.record import described
from w2v_verified.symbolic.printing.standalone import standalone
from w2v_verified.symbolic.proof.program import Program, computing
from w2v_verified.symbolic.rewrite.arrange import arrange
from w2v_verified.symbolic.rewrite.copies import without_copies
from w2v_verified.symbolic.rewrite.factoring import factoring
from w2v_verified.symbolic.rewrite.known_products import known_products
from w2v_verified.symbolic.rewrite.large import written_out
from w2v_verified.symbolic.rewrite.moderate import by_exponentials, exponents_are_names
from w2v_verified.symbolic.rewrite.one_pass import OnePass, one_pass
from w2v_verified.symbolic.rewrite.rescale import rescale
from w2v_verified.symbolic.rewrite.reuse import reuse, same_again
from w2v_verified.symbolic.rewrite.scale import scale
from w2v_verified.symbolic.rewrite.set_aside import set_aside
from w2v_verified.symbolic.rewrite.shift import name_exponentials
from w2v_verified.symbolic.rewrite.touched import touched_axis

GENERATED = PurePosixPath("w2v_verified/generated")
DOCUMENTS = PurePosixPath("derivations")


@dataclass(frozen=True, repr=False)
class Derivation:
    """A loss on its way down the stair."""

    loss: Loss
    beside: Mapping[str, Loss] = field(default_factory=dict)
    """Other losses by their names, for laws about calls of them; those that are not here are read off their records."""

    def __repr__(self) -> str:
        return f"Derivation<{self.loss!r}>"

    # written: definition/

    @cached_property
    def problem(self) -> Problem:
        """The definition, translated, checked, and in stages that can be differentiated one by one."""
        return Problem(self.loss)

    # derived: calculus/

    @cached_property
    def adjoints(self) -> tuple[Adjoint, ...]:
        """The derivatives by stages and arguments (reverse mode)."""
        return derive(self.problem)

    @cached_property
    def steps(self) -> Steps:
        """Every step of the derivatives, the claims and the chains of the document, to be checked."""
        return Steps(self.problem, self.adjoints)

    @cached_property
    def laws(self) -> tuple[LawSteps, ...]:
        """What holds of its results, to be proved or tried out."""
        effort, laws = Effort(LIMIT, least=0), laws_of(self.problem)
        origins = ((CLAIM, laws.closed), (STATED, laws.stated), (RELABELLED, laws.relabelled))
        own = self._called(self.loss.name)
        return tuple(
            LawSteps(own, law, self._called, origin, effort) for origin, every in origins for law in every
        )

    def _called(self, name: str) -> Derived:
        """A loss that a law is about a call of."""
        if name not in self._derived:
            problem = Problem(self.beside.get(name) or registered(name))
            self._derived[name] = Derived(problem, derive(problem))
        return self._derived[name]

    @cached_property
    def _derived(self) -> dict[str, Derived]:
        return {self.loss.name: Derived(self.problem, self.adjoints)}

    @cached_property
    def derived(self) -> Program:
        """The definition and the derivatives as they come out of the calculus."""
        return derived_program(self.problem, self.adjoints)

    # rewritten, each proved equal to the one it is made from, or dropped: rewrite/

    @cached_property
    def scaled(self) -> Program:
        """The derived program with sums of squares under roots and below lines scaled by the largest root."""
        return _if_proved(scale, self.derived, self.problem)

    @cached_property
    def textbook(self) -> Program:
        """The scaled program with exponentials that are added up shifted by the largest exponent."""
        problem = self.problem
        program = name_exponentials(self.scaled, problem.context, problem.reserved, shifted=True)
        return rescale(program, problem.context, problem.namer(program))

    @cached_property
    def stable(self) -> Program:
        """The textbook program with the forms that keep relative accuracy."""
        return set_aside(self.textbook, self.problem.context, self.problem.namer(self.textbook))

    @cached_property
    def arranged(self) -> Program:
        """The stable program in statements of the kinds the plan knows (legalised)."""
        problem = self.problem
        program = _if_proved(written_out, self._shortened(self.stable), problem)
        return self._legalised(program)

    @cached_property
    def _short(self) -> Program:
        """A shorter program for values whose exponentials need no care; the scaled one if it has none."""
        problem = self.problem
        program = name_exponentials(self.scaled, problem.context, problem.reserved, shifted=False)
        program = set_aside(program, problem.context, problem.namer(program))
        return by_exponentials(program, problem.context, problem.reserved)

    @cached_property
    def moderate(self) -> Program | None:
        """The short program, arranged; None if there is none, or it has exponentials whose exponents have no name."""
        none = self._short == self.scaled or not exponents_are_names(self._short)
        return None if none else self._legalised(self._shortened(self._short))

    @property
    def one_pass(self) -> OnePass | None:
        """The moderate program with one pass over a large table; None if it has none."""
        return self._passing[0]

    @cached_property
    def _passing(self) -> tuple[OnePass | None, tuple[str, ...]]:
        """The program with one pass, or why it is not proved."""
        try:
            return None if self.moderate is None else one_pass(self.problem, self.moderate), ()
        except ProofError as error:
            return None, (str(error),)

    @cached_property
    def dropped(self) -> tuple[str, ...]:
        """The rewritten forms that are not proved, and so not used: what they are made from is."""
        short = self._short if self.moderate is None else self.moderate
        return tuple(dict.fromkeys((*self.arranged.dropped, *short.dropped, *self._passing[1])))

    def _shortened(self, program: Program) -> Program:
        for shorter in (reuse, known_products, factoring):
            program = _if_proved(shorter, program, self.problem)
        return program

    def _legalised(self, program: Program) -> Program:
        problem = self.problem
        program = arrange(program, problem.context, problem.namer(program), touched_axis(problem, program))
        program = _if_proved(same_again, program, problem)
        results = ("loss", *(f"grad_{a.name}" for a in problem.differentiated))
        program = computing(program, results)
        return _if_proved(lambda p, context, _: without_copies(p, results, context), program, problem)

    # planned: plan/

    @cached_property
    def roads(self) -> Roads:
        """The programs that the generated function chooses among."""
        return Roads(self.arranged, self.moderate, self.one_pass)

    @cached_property
    def plan(self) -> Plan:
        """What the generated function does, as kinds of operation."""
        return planned(self.problem, self.roads)

    # printed: printing/

    def module(self, source: str | None = None) -> str:
        """The generated module; ``source`` is the user's file it comes from."""
        return module(self.plan, source).text

    def standalone(self, source: str) -> str:
        """The generated module with all it uses of this package written out, for a user's file ``source``."""
        return standalone(module(self.plan, source))

    # written for people: document/

    def page(self, source: str | None = None) -> Page:
        """The derivation as a page, made of the steps; ``source`` is the user's file it comes from."""
        return Document(self.steps, self.laws, self.roads, self.plan.is_tiled, source).page()

    def document(self, source: str | None = None) -> str:
        """The page in Markdown."""
        return markdown(self.page(source))

    def _repr_markdown_(self) -> str:
        """The page where a notebook shows it."""
        return markdown(self.page(), NOTEBOOK)

    def typeset(self, source: str | None = None) -> str:
        """The page in LaTeX, complete."""
        return tex(self.page(source))

    def explained(self) -> Iterator[str]:
        """The derivation as plain text, line by line."""
        return explain(self.steps, self.laws, self.arranged)


def _if_proved(
    pass_: Callable[[Program, Context, Namer], Program], program: Program, problem: Problem
) -> Program:
    """What a pass makes of the program; if that is not proved equal, the pass is left out, and not the loss."""
    try:
        return pass_(program, problem.context, problem.namer(program))
    except ProofError as error:
        return replace(program, dropped=(*program.dropped, str(error)))


@dataclass(frozen=True)
class Replay:
    """What came of re-checking a derivation: how many steps are ``proved``, and what is not.

    ``unproved`` says of each other step that holds why algebra does not decide it; both sides were evaluated at sampled
    points, and agree. ``dropped`` are rewritten forms that are not proved, and so not used. Of what laws state so many
    lines are proved as ``laws`` says; the ``argued`` ones hold at sampled points and are not, inequalities above all.
    ``problems`` are steps that are wrong, or not even confirmed: then the derivation does not hold.
    """

    proved: int
    unproved: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    laws: int = 0
    argued: tuple[str, ...] = ()

    @property
    def shortcomings(self) -> tuple[str, ...]:
        """All that keeps the derivation from being proved from end to end."""
        return (*self.problems, *self.unproved, *self.dropped)


def replay(derivation: Derivation, progress: Callable[[float], None] = lambda fraction: None) -> Replay:
    """Re-check every step, by algebra and at sampled points, and the proofs of all programs.

    ``progress`` is told now and then how much is done.
    """
    proved, unproved, problems = 0, [], []
    steps, laws = list(derivation.steps), [law for law in derivation.laws if law.origin != CLAIM]
    pieces = len(steps) + len(laws) + 1  # the last are the programs; what laws claim is among the steps
    for done, step in enumerate(steps):
        progress(done / pieces)
        try:
            step.check()
        except ProofError as error:
            problems.append(str(error))
        else:
            proved += step.is_proved
            unproved += [] if step.is_proved else [step.unproved]
    lines, argued = 0, list[str]()
    for done, law in enumerate(laws, len(steps)):
        progress(done / pieces)
        try:
            law.sample()
            unproved += law.unproved
        except ProofError as error:
            problems.append(str(error))
        else:
            lines += len(law.held) - len(law.unproved) - len(law.argued)
            argued += law.argued
    progress(1 - 1 / pieces)
    return Replay(proved, tuple(unproved), derivation.dropped, tuple(problems), lines, tuple(argued))


def record(derivation: Derivation) -> dict[str, object]:
    """What the generated function is, as data for those who judge it.

    Raises:
        ProofError: A law is wrong, or not even confirmed.
    """
    tiled = derivation.plan.is_tiled
    for law in derivation.laws:
        _ = law.unproved
    laws = [stated(law, LawPage(law).lines) for law in derivation.laws]
    return {**described(derivation.problem, derivation.textbook, derivation.arranged, tiled), "laws": laws}


def files(loss: Loss, beside: Mapping[str, Loss] = MappingProxyType({})) -> dict[PurePosixPath, str]:
    """The texts of the files of one loss, by path from the top of the repository.

    Its laws may be about calls of the losses ``beside`` it.

    Raises:
        ProofError: A step of its derivation is not proved, or a rewritten form of its programs, or a law is wrong.
    """
    derivation = Derivation(loss, beside)
    for step in derivation.steps:
        step.check_algebra()
    for law in derivation.laws:
        if law.unproved:
            raise ProofError(f"{loss.name}: {law.unproved[0]}")
    if derivation.dropped:
        raise ProofError(f"{loss.name}: {derivation.dropped[0]}")
    module = derivation.module()
    compile(module, f"{loss.name}.py", "exec")
    return {
        GENERATED / f"{loss.name}.py": module,
        GENERATED / "records" / f"{loss.name}.json": json.dumps(record(derivation), indent=2) + "\n",
        DOCUMENTS / f"{loss.name}.md": derivation.document(),
    }


def index_file(losses: Iterable[Loss]) -> dict[PurePosixPath, str]:
    """The file that re-exports every generated function and result type."""
    return {GENERATED / "__init__.py": index_module(losses)}
