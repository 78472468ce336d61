/** For `node --import`: programs of their own that ask the emulated gateway find it too. */
import { namesUnderLocalhostAreHere } from "./loopback.ts";

namesUnderLocalhostAreHere();
