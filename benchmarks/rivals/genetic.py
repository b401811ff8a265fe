"""A genetic algorithm as the literature on joint infrastructure planning uses it.

A chromosome holds a year (and mode, or "not within the horizon") per work. It is decoded with repair: in random order
of the parents' making, each work takes its year if that fits, else the nearest year that fits, else its exit. Tournaments
of two, uniform crossover per street block so that openings survive it, mutation, the best two kept; the population
starts from due dates with noise. One hundred thousand evaluations, or as many as the time allows.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numba import njit

from integralie.verbs.programme import count
from integralie.verbs.programme.problem import Ints, Problem
from rivals.answer import Answer, empty
from rivals.due_date import solve as by_due_date
from rivals.moves import due, options, tools, tried

POPULATION, EVALUATIONS = 100, 100_000
CROSSOVER, ELITE = 0.9, 2
MUTATIONS = 2.0  # works that a child changes by itself, on average


@njit(cache=True)
def _decode(gene, order, unit, start, pick_of, pick, left, p, deep, roomy):
    """Repair a chromosome into a plan within all limits; the chromosome becomes that plan."""
    periods = p.cost.shape[1]
    for i in order:
        b, want = unit[i], gene[i]
        if want < 0 or pick[i] >= 0 or tried(i, b, want, pick, left, p, deep, roomy):
            continue
        mode, at = want // periods, want % periods
        for step in range(1, periods):
            done = False
            for t in (at + step, at - step):
                if t < 0 or t >= periods or p.cost[p.alt[i] + mode, t] >= count.NO:
                    continue
                if tried(i, b, mode * periods + t, pick, left, p, deep, roomy):
                    done = True
                    break
            if done:
                break
    gene[:] = pick


@njit(cache=True)
def _child(one, other, first, start, pick_of, gene):
    """Uniform crossover per block, then mutation."""
    gene[:] = one
    if np.random.random() < CROSSOVER:
        for b in range(len(first) - 1):
            if np.random.random() < 0.5:
                gene[first[b] : first[b + 1]] = other[first[b] : first[b + 1]]
    for _ in range(np.random.poisson(MUTATIONS)):
        i = np.random.randint(0, len(gene))
        gene[i] = pick_of[np.random.randint(start[i], start[i + 1])]


@njit(cache=True)
def _seeded(seed):
    np.random.seed(seed)


@njit(cache=True)
def _tournament(cost):
    i, j = np.random.randint(0, len(cost)), np.random.randint(0, len(cost))
    return i if cost[i] <= cost[j] else j


class _Population:
    """Chromosomes that are plans, and what they cost."""

    def __init__(self, problem: Problem, seed: int) -> None:
        self.problem, self.random = problem, np.random.default_rng(seed)
        _seeded(seed)
        self.least, self.options = empty(problem), options(problem)
        self.left = count.left_of(problem, count.usage(problem, self.least))
        self.tools, self.evaluated = tools(problem), 0
        self.genes = np.empty((POPULATION, problem.works), np.int64)
        self.cost = np.full(POPULATION, 2**62)

    def judge(self, gene: Ints) -> int:
        """Repair a chromosome in place; its cost."""
        pick, left, p = self.least.copy(), self.left.copy(), self.problem.arrays
        order = self.random.permutation(self.problem.works)
        _decode(gene, order, self.problem.unit_of, *self.options, pick, left, p, *self.tools)
        self.evaluated += 1
        return int(count.all_costs(pick, p).sum()) + int(count.all_extra(left, p))

    def first(self, until: float) -> None:
        """Due dates with noise, and the plan of today's practice."""
        mode, when = due(self.problem)
        start, pick_of = self.options
        for k in range(POPULATION):
            gene = mode * self.problem.periods + when
            noisy = np.flatnonzero(self.random.random(len(gene)) < k / POPULATION)
            gene[noisy] = pick_of[self.random.integers(start[noisy], start[noisy + 1])]
            self.genes[k] = by_due_date(self.problem, 0, 0, lambda cost: None).pick if k == 0 else gene
            self.cost[k] = self.judge(self.genes[k])
            if time.monotonic() > until and k > 1:
                self.genes, self.cost = self.genes[: k + 1], self.cost[: k + 1]
                return

    def next(self, until: float) -> None:
        """One generation."""
        by = np.argsort(self.cost, kind="stable")
        genes, cost = self.genes[by].copy(), self.cost[by].copy()
        for k in range(ELITE, len(cost)):
            one, other = self.genes[_tournament(self.cost)], self.genes[_tournament(self.cost)]
            _child(one, other, self.problem.arrays.first, *self.options, genes[k])
            cost[k] = self.judge(genes[k])
            if time.monotonic() > until:
                break
        self.genes, self.cost = genes, cost


def solve(problem: Problem, seconds: float, seed: int, seen: Any) -> Answer:
    """The best plan of all generations."""
    until = time.monotonic() + seconds
    held = _Population(problem, seed)
    held.first(until)
    while held.evaluated < EVALUATIONS and time.monotonic() < until:
        seen(int(held.cost.min()))
        held.next(until)
    best = int(held.cost.argmin())
    seen(int(held.cost[best]))
    return Answer(held.genes[best].copy(), note=f"{held.evaluated:,} evaluations")
