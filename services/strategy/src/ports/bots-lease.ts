/** The right to run the bots. Two processes that do would each decide by half of what happened. */
export abstract class BotsLease {
  /** False from the moment on from which another may have taken it, whether or not anybody could tell us. */
  abstract readonly isHeld: boolean;
}
