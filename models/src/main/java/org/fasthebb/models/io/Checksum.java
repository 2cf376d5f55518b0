package org.fasthebb.models.io;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The checksum of a checkpoint: SHA-256 over its content. That is the metadata without the checksum
 * itself, sorted by key, and then the tensors, sorted by name: name, type, shape and data of each.
 * It detects a change of any value, but not of the order in which the file holds them, because
 * other programs that save the same content again choose another order.
 *
 * <p>Files of version 0.1 have a checksum over their bytes instead, with {@link #PLACEHOLDER} in
 * place of the checksum.
 */
public final class Checksum {
  /** Metadata entry that holds the checksum. */
  static final String KEY = "sha256";

  /** A value of the entry {@link #KEY} by which a user says that the file need not match one. */
  static final String UNCHECKED = "unchecked";

  /** Stands for the checksum of a file of version 0.1 while it is computed. */
  static final String PLACEHOLDER = "0".repeat(64);

  private Checksum() {}

  /** A new SHA-256. */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Adds the metadata, but for the checksum. */
  static void addMetadata(MessageDigest digest, Map<String, String> metadata) {
    Map<String, String> sorted = new TreeMap<>(metadata);
    sorted.remove(KEY);
    addNumber(digest, sorted.size());
    sorted.forEach((key, value) -> {
      addText(digest, key);
      addText(digest, value);
    });
  }

  /** Adds all of a tensor but its data, which come next. */
  static void addTensor(MessageDigest digest, String name, String dtype, long[] shape) {
    addText(digest, name);
    addText(digest, dtype);
    addNumber(digest, shape.length);
    for (long size : shape) {
      addNumber(digest, size);
    }
  }

  /** Adds a text after its length, so that no two lists of texts are the same bytes. */
  private static void addText(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    addNumber(digest, bytes.length);
    digest.update(bytes);
  }

  private static void addNumber(MessageDigest digest, long number) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
  }
}
