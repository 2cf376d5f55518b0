package org.fasthebb.models.protocol;

/** The version of FastHebb, which models and results record. */
public final class Version {
  /** The version; a test checks that the parent pom has the same. */
  public static final String VERSION = "0.1.0";

  private Version() {}
}
