import { expect, test } from "../support";

test("a running server says that it lives", async ({ request }) => {
  const response = await request.get("/health/live");
  expect(response.status()).toBe(200);
});
