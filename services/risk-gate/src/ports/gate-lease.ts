/** The right to judge. Two gates that hear the same streams would each know half of what stands, and approve up to the limit. */
export abstract class GateLease {
  /** False from the moment on from which another may have taken it, whether or not anybody could tell us. */
  abstract readonly isHeld: boolean;
}
