// Sends values as JSON and tells in one shape what came of it.
import { csrfToken } from "../requests.js";

/** Resolves {redirect} or {message, errors, offline}. */
export async function postJson(url, values) {
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify(values),
    });
  } catch {
    return { offline: true };
  }
  if (answer.redirected) return { redirect: answer.url };
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return { redirect: body.redirect ?? location.href };
  return { message: body.message, errors: body.details?.errors };
}
