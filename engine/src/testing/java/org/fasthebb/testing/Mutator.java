package org.fasthebb.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages inputs in the ways that break parsers; the same seed gives the same damage. */
final class Mutator {
  private static final long[] NUMBERS = {
    0, 1, -1, 255, 256, 1 << 16, Integer.MAX_VALUE, 1L << 31, 1L << 32, Long.MAX_VALUE, 1L << 63
  };
  private static final String[] DIGITS = {
    "", "0", "-1", "1e9", "2147483648", "9223372036854775807", "99999999999999999999", "NaN", "0x1"
  };

  private final List<byte[]> inputs;
  private final Random random;

  Mutator(List<byte[]> inputs, long seed) {
    this.inputs = inputs;
    random = new Random(seed);
  }

  /** One of the inputs with one to four damages. */
  byte[] next() {
    byte[] damaged = input();
    for (int i = random.nextInt(4); i >= 0; i--) {
      damaged = damage(damaged);
    }
    return damaged;
  }

  private byte[] input() {
    return inputs.get(random.nextInt(inputs.size())).clone();
  }

  private byte[] damage(byte[] x) {
    int at = random.nextInt(x.length + 1);
    int to = Math.min(x.length, at + (1 << random.nextInt(10)));
    return switch (random.nextInt(8)) {
      case 0 -> change(x, at, (byte) random.nextInt());
      case 1 -> change(x, at, at < x.length ? (byte) (x[at] ^ 1 << random.nextInt(8)) : 0);
      case 2 -> number(x, at);
      case 3 -> digits(x, at);
      case 4 -> replace(x, at, to, new byte[0]);
      case 5 -> replace(x, at, at, Arrays.copyOfRange(x, at, to));
      case 6 -> {
        byte[] other = input();
        int from = random.nextInt(other.length + 1);
        yield replace(
            x, at, to, Arrays.copyOfRange(other, from, Math.min(other.length, from + 64)));
      }
      default -> Arrays.copyOf(x, at);
    };
  }

  private static byte[] change(byte[] x, int at, byte value) {
    return replace(x, at, Math.min(x.length, at + 1), new byte[] {value});
  }

  /** Overwrites one to eight bytes with a binary number at the edge of a range. */
  private byte[] number(byte[] x, int at) {
    long number = NUMBERS[random.nextInt(NUMBERS.length)];
    boolean little = random.nextBoolean();
    ByteBuffer bytes =
        ByteBuffer.allocate(8).order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    bytes.putLong(number);
    int length = 1 << random.nextInt(4);
    int from = little ? 0 : 8 - length;
    return replace(
        x,
        at,
        Math.min(x.length, at + length),
        Arrays.copyOfRange(bytes.array(), from, from + length));
  }

  /** Replaces the first decimal number from a place on. */
  private byte[] digits(byte[] x, int at) {
    int from = at;
    while (from < x.length && !Character.isDigit(x[from])) {
      from++;
    }
    int to = from;
    while (to < x.length && Character.isDigit(x[to])) {
      to++;
    }
    String digits = DIGITS[random.nextInt(DIGITS.length)];
    return replace(x, from, to, digits.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] replace(byte[] x, int from, int to, byte[] by) {
    ByteBuffer replaced = ByteBuffer.allocate(x.length - (to - from) + by.length);
    return replaced.put(x, 0, from).put(by).put(x, to, x.length - to).array();
  }
}
