import { describe, expect, test } from "vitest";
import { company } from "../../../lib/ops/simulate/company.ts";

const one = company({ users: 300, groups: 20, seed: 1 });

describe("the made-up company", () => {
  test("a seed is the whole company", () => {
    expect(company({ users: 300, groups: 20, seed: 1 })).toEqual(one);
    expect(company({ users: 300, groups: 20, seed: 2 })).not.toEqual(one);
  });

  test("a person is the same among few and among many, so that a larger run finds those of a smaller one", () => {
    expect(company({ users: 10, groups: 0, seed: 1 }).people).toEqual(one.people.slice(0, 10));
  });

  test("every address is under example.com, plain, and nobody's twice", () => {
    const names = one.people.map((person) => person.userName);
    expect(names.filter((name) => !/^[a-z]+\.[a-z]+\.1-\d+@example\.com$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(300);
  });

  test("there is something of everything in it", () => {
    expect(one.people.some((person) => person.leaves)).toBe(true);
    expect(one.people.some((person) => person.promotedTo !== undefined)).toBe(true);
    expect(one.people.some((person) => person.manager !== undefined)).toBe(true);
    expect(one.teams.some((team) => team.quits.length > 0)).toBe(true);
  });

  test("nobody is their own manager, and all members are people", () => {
    expect(one.people.filter((person) => person.manager === person.n)).toEqual([]);
    expect(one.teams.flatMap((team) => team.joins).filter((n) => n < 0 || n >= 300)).toEqual([]);
  });

  test("one person and one group are enough", () => {
    expect(company({ users: 1, groups: 1, seed: 3 }).teams[0]?.joins).toEqual([0]);
  });
});
