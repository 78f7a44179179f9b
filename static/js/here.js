/** A page of a book that is not the studio: who is here is shown there, too. */
import { start } from "./studio/presence.js";

start({ events: new EventTarget() });
