import { describe, expect, test } from "vitest";
import { readAssignments } from "../../../lib/ops/orphans/assignments.ts";

describe("an export of assignments", () => {
  test.each([
    ["userName,externalId,active\nada,a1,true\n", { name: "userName", externalId: "externalId", active: "active" }],
    ["Object ID;User Principal Name;Account Enabled\na1;ada;True\n", { name: "User Principal Name" }],
    ["\uFEFFlogin\tstatus\tid\nada\tACTIVE\ta1\n", { name: "login", active: "status" }],
    ['"MAIL","externalId","enabled"\r\n"ada","a1","Yes"\r\n\r\n', { name: "MAIL", active: "enabled" }],
  ])("%j: columns by their names, whatever parts them", (text, columns) => {
    const { people, columns: found } = readAssignments(text);
    expect(people).toEqual([{ row: 2, name: "ada", externalId: "a1", active: true }]);
    expect(found).toMatchObject(columns);
  });

  test("userName outweighs e-mail where both are there", () => {
    expect(readAssignments("email,userName\na@b.c,ada\n").people).toEqual([{ row: 2, name: "ada" }]);
  });

  test.each([
    ["DEPROVISIONED", false],
    ["Password expired", true],
    ["0", false],
    ["Disabled", false],
  ])("state %s", (state, active) => {
    expect(readAssignments(`login,status\nada,${state}\n`).people).toMatchObject([{ active }]);
  });

  test("whoever is assigned by two groups counts once; rows of groups are left out", () => {
    const text = "id,userName,objectType\n1,ada,User\n2,Support,Group\n1,ada,User\n";
    expect(readAssignments(text)).toEqual({
      people: [{ row: 2, name: "ada", externalId: "1" }],
      repeated: 1,
      groups: 1,
      columns: { name: "userName", externalId: "id" },
    });
  });

  test("the same person is told by letters of any case, and by a name alone", () => {
    const text = "id,userName\nA-1,ada\na-1,Ada\n,ADA\n2,bob\n";
    expect(readAssignments(text)).toMatchObject({ people: [{ row: 2 }, { row: 5 }], repeated: 2 });
  });

  test.each([
    ["", "the file is empty; expected a header and a row for each person"],
    ["first,last\nAda,L\n", "row 1 has the columns first, last; expected one that names people: userName, "],
    ["login,status\nada,ACTIVE\nbob,perhaps\n", 'row 3, column "status" has "perhaps"; expected true or false'],
    ["login,status\nada,constructor\n", 'row 2, column "status" has "constructor"; expected'],
    ["login,status\nada,\n", 'row 2, column "status" is empty; expected'],
    ["login,id\n,\n", 'row 2, column "login" and "id" is empty; expected whom the row is about'],
    ["login,status\nada\n", "row 2 has 1 column; expected as many as the header has"],
    ["login,status\n", "the file has no row behind its header; expected a row for each person"],
    ["id,objectType\n1,group\n", "the file has rows of 1 group alone; expected a row for each person"],
    ['login,status\n"ada,ACTIVE\nbob,ACTIVE\n', "row 2 has a quotation mark that is not closed; expected"],
    ['login,status\n"ada"x,ACTIVE\n', "row 2 has something behind a closing quotation mark; expected"],
    ['login,status\na"da,ACTIVE\n', "row 2 has a quotation mark within a value; expected"],
    ["PK\u0003\u0004\u0014\u0000\u0006", "the file is no text; expected a CSV"],
    ["id,active\n1,true\n2,true\n1,false\n", 'row 4, column "active" says inactive; expected the same as row 2'],
  ])("%j is refused with row and column", (text, message) => {
    expect(() => readAssignments(text)).toThrow(message);
  });

  test("rows are counted as an editor counts lines, also behind a value of several lines", () => {
    expect(readAssignments('login,note\nada,"two\nlines"\nbob,\n').people.map(({ row }) => row)).toEqual([3, 4]);
  });
});
