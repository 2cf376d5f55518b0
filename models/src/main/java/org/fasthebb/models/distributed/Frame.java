package org.fasthebb.models.distributed;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * An array on its way between two workers: its number in the run, the number of its values, and the
 * values, each 4 bytes with the highest first. The receiver knows how many values must come, so a
 * frame of another length is refused before any memory is taken for it.
 */
final class Frame {
  private static final int CHUNK_BYTES = 1 << 16;

  private Frame() {}

  static void write(OutputStream out, int number, float[] values) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).putInt(number).putInt(values.length);
    int at = 0;
    do {
      int count = Math.min(chunk.remaining() / Float.BYTES, values.length - at);
      chunk.asFloatBuffer().put(values, at, count);
      out.write(chunk.array(), 0, chunk.position() + count * Float.BYTES);
      at += count;
      chunk.clear();
    } while (at < values.length);
    out.flush();
  }

  /**
   * Reads the beginning of a frame.
   *
   * @throws IOException if it is not frame {@code number} with {@code length} values
   */
  static void expect(DataInputStream in, int number, int length) throws IOException {
    int gotNumber = in.readInt();
    int gotLength = in.readInt();
    if (gotNumber != number || gotLength != length) {
      throw new IOException(
          "it sent frame %s of %s values where frame %s of %s values was expected"
              .formatted(gotNumber, gotLength, number, length));
    }
  }

  /** Reads the values of a frame, after its beginning. */
  static float[] values(DataInputStream in, int length) throws IOException {
    float[] values = new float[length];
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    for (int at = 0; at < length; ) {
      int count = Math.min(CHUNK_BYTES / Float.BYTES, length - at);
      in.readFully(chunk.array(), 0, count * Float.BYTES);
      chunk.clear().asFloatBuffer().get(values, at, count);
      at += count;
    }
    return values;
  }
}
