package org.fasthebb.models.io;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The checksum of a checkpoint: SHA-256 over the whole file, with the 64 digits of the checksum
 * itself replaced by zeros. It detects a change of any byte, in names and shapes as well as in
 * data.
 */
final class Checksum {
  /** Metadata entry that holds the checksum. */
  static final String KEY = "sha256";

  /** Stands for the checksum while the checksum is computed. */
  static final String PLACEHOLDER = "0".repeat(64);

  private Checksum() {}

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
