package org.fasthebb.models.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A message of Google's protocol buffers, to be written: fields, each a tag and a value. A tag is
 * the number of the field and the kind of the value: a number of variable length, or a length and
 * as many bytes, which are a text, bytes or another message.
 */
final class ProtobufMessage {
  private static final int NUMBER = 0;
  private static final int BYTES = 2;

  /** The most bytes of a number: 64 bits, 7 in each. */
  private static final int LONGEST = 10;

  /** What is written, piece by piece. Pieces are shared with the messages inside, not copied. */
  private final List<byte[]> pieces = new ArrayList<>();

  private long size;

  /** Adds a number. */
  ProtobufMessage number(int field, long value) {
    tag(field, NUMBER);
    add(variable(value));
    return this;
  }

  /** Adds a text. */
  ProtobufMessage text(int field, String value) {
    return bytes(field, value.getBytes(UTF_8));
  }

  /** Adds bytes, which must not change any more. */
  ProtobufMessage bytes(int field, byte[] value) {
    tag(field, BYTES);
    add(variable(value.length));
    add(value);
    return this;
  }

  /** Adds a message as it is now. */
  ProtobufMessage message(int field, ProtobufMessage value) {
    tag(field, BYTES);
    add(variable(value.size));
    return append(value);
  }

  /** Adds the fields of another message. */
  ProtobufMessage append(ProtobufMessage value) {
    value.pieces.forEach(this::add);
    return this;
  }

  /** The number of bytes. */
  long size() {
    return size;
  }

  /** Writes the whole message. */
  void write(OutputStream out) throws IOException {
    for (byte[] piece : pieces) {
      out.write(piece);
    }
  }

  private void tag(int field, int kind) {
    add(variable((long) field << 3 | kind));
  }

  private void add(byte[] piece) {
    pieces.add(piece);
    size += piece.length;
  }

  /**
   * A number, 7 bits to a byte, the lowest first; all bytes but the last have their top bit set.
   */
  private static byte[] variable(long value) {
    byte[] bytes = new byte[LONGEST];
    int count = 0;
    long rest = value;
    do {
      long low = rest & 0x7F;
      rest >>>= 7;
      bytes[count++] = (byte) (rest == 0 ? low : low | 0x80);
    } while (rest != 0);
    return Arrays.copyOf(bytes, count);
  }
}
