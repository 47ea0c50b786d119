/** Who speaks: one signed-in device of one user. Every command's first argument. */
export interface Session {
  readonly user: string;
  /** A sign-in makes a device; signing out ends it. */
  readonly device: string;
}
