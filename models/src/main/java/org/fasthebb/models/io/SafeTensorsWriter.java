package org.fasthebb.models.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.fasthebb.engine.io.SafeTensorsHeader;
import org.fasthebb.engine.io.SafeTensorsHeader.TensorEntry;

/**
 * Builds a safetensors file from named arrays.
 *
 * <p>Tensors and metadata keep the order in which they were added, so equal content gives equal
 * bytes. Arrays are referenced, not copied: leave them unchanged until {@link #write} returns. The
 * file carries a checksum of its content in the metadata entry {@code sha256}.
 */
public final class SafeTensorsWriter {
  private static final int CHUNK_BYTES = 1 << 18;

  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, PendingTensor> tensors = new LinkedHashMap<>();

  SafeTensorsWriter() {}

  /** Fills the buffer with the elements from the given index on, as many as fit. */
  private interface ElementSource {
    int fill(ByteBuffer buffer, int from);
  }

  /** Receives the first {@code length} bytes of an array. */
  private interface Chunk<E extends Exception> {
    void take(byte[] bytes, int length) throws E;
  }

  private record PendingTensor(
      String dtype, int[] shape, int length, int elementBytes, ElementSource source) {
    long bytes() {
      return (long) length * elementBytes;
    }

    long[] longShape() {
      return Arrays.stream(shape).asLongStream().toArray();
    }

    /** Passes on the data in order. */
    <E extends Exception> void forEachChunk(Chunk<E> chunk) throws E {
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (int from = 0; from < length; ) {
        int count = source.fill(buffer, from);
        chunk.take(buffer.array(), count * elementBytes);
        from += count;
      }
    }
  }

  /**
   * Adds a metadata entry.
   *
   * @param key any name but {@code sha256}
   * @param value any text
   * @return this
   * @throws IllegalArgumentException if the key is reserved or was added before
   */
  public SafeTensorsWriter metadata(String key, String value) {
    if (key.equals(Checksum.KEY)) {
      throw new IllegalArgumentException(
          "Metadata key 'sha256' holds the checksum of the file; use another key.");
    }
    if (metadata.putIfAbsent(key, value) != null) {
      throw new IllegalArgumentException(
          "Metadata key '" + key + "' was added before; add each key once.");
    }
    return this;
  }

  /**
   * Adds a tensor of type F32.
   *
   * @param name a name not used before
   * @param shape dimensions, empty for a scalar
   * @param data row-major elements, as many as the product of the dimensions
   * @return this
   * @throws IllegalArgumentException if the name is taken or the length does not fit the shape
   */
  public SafeTensorsWriter floats(String name, int[] shape, float[] data) {
    return add(
        name,
        shape,
        "F32",
        data.length,
        Float.BYTES,
        (buffer, from) -> {
          int count = Math.min(buffer.remaining() / Float.BYTES, data.length - from);
          buffer.asFloatBuffer().put(data, from, count);
          return count;
        });
  }

  /**
   * Adds a matrix of type F32 that need not be in memory as a whole.
   *
   * @param name a name not used before
   * @param row gives the elements of each row; called more than once for each
   * @return this
   * @throws IllegalArgumentException if the name is taken
   */
  public SafeTensorsWriter rows(String name, int rows, int width, IntFunction<float[]> row) {
    return add(
        name,
        new int[] {rows, width},
        "F32",
        Math.multiplyExact(rows, width),
        Float.BYTES,
        (buffer, from) -> {
          int at = from % width;
          int count = Math.min(buffer.remaining() / Float.BYTES, width - at);
          buffer.asFloatBuffer().put(row.apply(from / width), at, count);
          return count;
        });
  }

  /**
   * Adds a tensor of type F64.
   *
   * @param name a name not used before
   * @param shape dimensions, empty for a scalar
   * @param data row-major elements, as many as the product of the dimensions
   * @return this
   * @throws IllegalArgumentException if the name is taken or the length does not fit the shape
   */
  public SafeTensorsWriter doubles(String name, int[] shape, double[] data) {
    return add(
        name,
        shape,
        "F64",
        data.length,
        Double.BYTES,
        (buffer, from) -> {
          int count = Math.min(buffer.remaining() / Double.BYTES, data.length - from);
          buffer.asDoubleBuffer().put(data, from, count);
          return count;
        });
  }

  /**
   * Adds a tensor of type I64.
   *
   * @param name a name not used before
   * @param shape dimensions, empty for a scalar
   * @param data row-major elements, as many as the product of the dimensions
   * @return this
   * @throws IllegalArgumentException if the name is taken or the length does not fit the shape
   */
  public SafeTensorsWriter longs(String name, int[] shape, long[] data) {
    return add(
        name,
        shape,
        "I64",
        data.length,
        Long.BYTES,
        (buffer, from) -> {
          int count = Math.min(buffer.remaining() / Long.BYTES, data.length - from);
          buffer.asLongBuffer().put(data, from, count);
          return count;
        });
  }

  /**
   * Writes the file atomically.
   *
   * @param target the file to create or replace
   * @throws CheckpointException if the file cannot be written; a previous file is then unchanged
   */
  public void write(Path target) throws CheckpointException {
    String checksum = contentDigest();
    AtomicFile.write(target, out -> emit(out, checksum));
  }

  private String contentDigest() {
    MessageDigest digest = Checksum.newDigest();
    Checksum.addMetadata(digest, metadata);
    new TreeMap<>(tensors)
        .forEach((name, tensor) -> {
          Checksum.addTensor(digest, name, tensor.dtype, tensor.longShape());
          tensor.forEachChunk((bytes, length) -> digest.update(bytes, 0, length));
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  private SafeTensorsWriter add(
      String name, int[] shape, String dtype, int length, int elementBytes, ElementSource source) {
    if (name.equals(SafeTensorsHeader.METADATA)) {
      throw new IllegalArgumentException(
          "Tensor name '" + name + "' is reserved by the format; use another name.");
    }
    long elements = 1;
    boolean valid = true;
    for (int size : shape) {
      // The limit, beyond any array, keeps the product from wrapping around to a valid length.
      elements = Math.min(elements * size, 1L << 31);
      valid &= size >= 0;
    }
    if (!valid || elements != length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Tensor '%s' has %,d elements but shape %s; give as many elements as the shape has.",
              name,
              length,
              Arrays.toString(shape)));
    }
    var tensor = new PendingTensor(dtype, shape.clone(), length, elementBytes, source);
    if (tensors.putIfAbsent(name, tensor) != null) {
      throw new IllegalArgumentException(
          "Tensor '" + name + "' was added before; add each name once.");
    }
    return this;
  }

  private void emit(OutputStream out, String checksum) throws IOException {
    out.write(header(checksum));
    for (PendingTensor tensor : tensors.values()) {
      tensor.forEachChunk((bytes, count) -> out.write(bytes, 0, count));
    }
  }

  private byte[] header(String checksum) {
    Map<String, String> all = new LinkedHashMap<>(metadata);
    all.put(Checksum.KEY, checksum);
    Map<String, TensorEntry> entries = new LinkedHashMap<>();
    long begin = 0;
    for (var named : tensors.entrySet()) {
      PendingTensor tensor = named.getValue();
      long end = begin + tensor.bytes();
      entries.put(named.getKey(), new TensorEntry(tensor.dtype, tensor.longShape(), begin, end));
      begin = end;
    }
    return SafeTensorsHeader.bytes(all, entries);
  }
}
