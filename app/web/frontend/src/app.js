// The entry of every page: htmx, and small behaviours hung on `data-controller` attributes.
import htmx from "htmx.org";
import { register, registerLazy, start } from "./controllers.js";
import ago from "./controllers/ago.js";
import copy from "./controllers/copy.js";
import deskBar from "./controllers/desk-bar.js";
import desk from "./controllers/desk.js";
import countdown from "./controllers/countdown.js";
import gallery from "./controllers/gallery.js";
import intake from "./controllers/intake.js";
import intakeDone from "./controllers/intake-done.js";
import live from "./controllers/live.js";
import menu from "./controllers/menu.js";
import photos from "./controllers/photos.js";
import rows from "./controllers/rows.js";
import select from "./controllers/select.js";
import shell from "./controllers/shell.js";
import shortcuts from "./controllers/shortcuts.js";
import stamp from "./controllers/stamp.js";
import submit from "./controllers/submit.js";
import toast from "./controllers/toast.js";
import "./requests.js";

window.htmx = htmx;

register("ago", ago);
register("copy", copy);
register("countdown", countdown);
register("desk", desk);
register("desk-bar", deskBar);
register("gallery", gallery);
register("intake", intake);
register("intake-done", intakeDone);
register("live", live);
register("menu", menu);
register("photos", photos);
register("rows", rows);
register("select", select);
register("shell", shell);
register("shortcuts", shortcuts);
register("stamp", stamp);
register("submit", submit);
register("toast", toast);
registerLazy("diagram", () => import("./diagram/viewer.js"));
registerLazy("form", () => import("./form/controller.js"));

start();
