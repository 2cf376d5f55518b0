package org.fasthebb.models.protocol;

/** The version that models and results name as their maker. */
public final class Version {
  /** As in the parent pom; a test compares. */
  public static final String VERSION = "0.1.0";

  private Version() {}
}
