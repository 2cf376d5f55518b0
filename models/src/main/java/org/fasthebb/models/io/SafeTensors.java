package org.fasthebb.models.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file opened for reading.
 *
 * <p>The file is mapped into memory; every reading method copies out, and {@link #close} unmaps the
 * file at once, so that it can be replaced or deleted on every operating system. Use it in a
 * try-with-resources statement. Instances may be shared between threads.
 */
public final class SafeTensors implements AutoCloseable {
  private static final long MAX_HEADER_BYTES = 100_000_000;
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String file;
  private final Arena arena;
  private final MemorySegment bytes;
  private final long dataStart;
  private final SafeTensorsHeader header;

  private SafeTensors(
      String file, Arena arena, MemorySegment bytes, long dataStart, SafeTensorsHeader header) {
    this.file = file;
    this.arena = arena;
    this.bytes = bytes;
    this.dataStart = dataStart;
    this.header = header;
  }

  /**
   * Opens a file and validates its header.
   *
   * @param path the file
   * @return the open file; close it after use
   * @throws CheckpointException if the file cannot be read or breaks a rule of the format
   */
  public static SafeTensors read(Path path) throws CheckpointException {
    Arena arena = Arena.ofShared();
    try {
      SafeTensors opened = open(path, arena);
      arena = null;
      return opened;
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException e) {
      throw new CheckpointException("Cannot read '" + path + "': " + reason(path, e) + ".", e);
    } finally {
      if (arena != null) {
        arena.close();
      }
    }
  }

  /**
   * Starts a new file.
   *
   * @return an empty builder
   */
  public static SafeTensorsWriter writer() {
    return new SafeTensorsWriter();
  }

  private static SafeTensors open(Path path, Arena arena) throws IOException {
    String file = path.toString();
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < Long.BYTES + 2) {
        throw SafeTensorsHeader.malformed(file, null, "the file has only %,d bytes", size);
      }
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      long length = bytes.get(I64, 0);
      if (length < 2 || length > MAX_HEADER_BYTES) {
        throw SafeTensorsHeader.malformed(
            file, null, "the header length is given as %s bytes", Long.toUnsignedString(length));
      }
      if (length > size - Long.BYTES) {
        throw CheckpointException.of(
            null,
            "%s: the header ends at byte %,d but the file has %,d; "
                + "the file is truncated, get a complete copy.",
            file,
            length + Long.BYTES,
            size);
      }
      String json = text(file, bytes.asSlice(Long.BYTES, length));
      long dataStart = Long.BYTES + length;
      return new SafeTensors(
          file, arena, bytes, dataStart, SafeTensorsHeader.parse(file, json, dataStart, size));
    }
  }

  private static String text(String file, MemorySegment segment) throws CheckpointException {
    try {
      ByteBuffer utf8 = ByteBuffer.wrap(segment.toArray(ValueLayout.JAVA_BYTE));
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw SafeTensorsHeader.malformed(file, e, "the header is not UTF-8 text");
    }
  }

  private static String reason(Path path, IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file; check the name";
    }
    if (Files.isDirectory(path)) {
      return "it is a directory; give the name of a file";
    }
    if (e instanceof AccessDeniedException) {
      return "reading is not permitted; check the permissions";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /**
   * Names of the tensors.
   *
   * @return unmodifiable list in file order
   */
  public List<String> names() {
    return List.copyOf(header.tensors().keySet());
  }

  /**
   * Metadata entries.
   *
   * @return unmodifiable map in file order, empty if the file has none
   */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /**
   * Shape of a tensor.
   *
   * @param name one of {@link #names()}
   * @return new array of the dimensions, empty for a scalar
   * @throws CheckpointException if there is no such tensor or a dimension exceeds 2<sup>31</sup>-1
   */
  public int[] shape(String name) throws CheckpointException {
    long[] shape = tensor(name).shape();
    if (Arrays.stream(shape).anyMatch(size -> size > Integer.MAX_VALUE)) {
      throw tooLarge(name);
    }
    return Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
  }

  /**
   * Type of a tensor as written in the file, for example {@code F32}.
   *
   * @param name one of {@link #names()}
   * @return the type, possibly one that cannot be read
   * @throws CheckpointException if there is no such tensor
   */
  public String dtype(String name) throws CheckpointException {
    return tensor(name).dtype();
  }

  /**
   * Copies out a tensor of type F32 or F64, the latter rounded to float.
   *
   * @param name one of {@link #names()}
   * @return new row-major array
   * @throws CheckpointException if there is no such tensor, it has another type or more than
   *     2<sup>31</sup>-1 elements
   */
  public float[] floats(String name) throws CheckpointException {
    MemorySegment data = data(name, "F32", "F64");
    float[] result = new float[length(name)];
    if (dtype(name).equals("F32")) {
      MemorySegment.copy(data, F32, 0, result, 0, result.length);
    } else {
      for (int i = 0; i < result.length; i++) {
        result[i] = (float) data.getAtIndex(F64, i);
      }
    }
    return result;
  }

  /**
   * Copies out a tensor of type F64 or F32.
   *
   * @param name one of {@link #names()}
   * @return new row-major array
   * @throws CheckpointException if there is no such tensor, it has another type or more than
   *     2<sup>31</sup>-1 elements
   */
  public double[] doubles(String name) throws CheckpointException {
    MemorySegment data = data(name, "F32", "F64");
    double[] result = new double[length(name)];
    if (dtype(name).equals("F64")) {
      MemorySegment.copy(data, F64, 0, result, 0, result.length);
    } else {
      for (int i = 0; i < result.length; i++) {
        result[i] = data.getAtIndex(F32, i);
      }
    }
    return result;
  }

  /**
   * Copies out a tensor of type I64, I32 or U8.
   *
   * @param name one of {@link #names()}
   * @return new row-major array
   * @throws CheckpointException if there is no such tensor, it has another type or more than
   *     2<sup>31</sup>-1 elements
   */
  public long[] longs(String name) throws CheckpointException {
    MemorySegment data = data(name, "I64", "I32", "U8");
    long[] result = new long[length(name)];
    switch (dtype(name)) {
      case "I64" -> MemorySegment.copy(data, I64, 0, result, 0, result.length);
      case "I32" -> {
        for (int i = 0; i < result.length; i++) {
          result[i] = data.getAtIndex(I32, i);
        }
      }
      default -> {
        for (int i = 0; i < result.length; i++) {
          result[i] = Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, i));
        }
      }
    }
    return result;
  }

  /**
   * Compares the file with the checksum that {@link SafeTensorsWriter} put into it.
   *
   * @throws CheckpointException if a byte has changed or the file has no checksum
   */
  public void verifyChecksum() throws CheckpointException {
    String expected = header.metadata().getOrDefault(Checksum.KEY, "");
    if (expected.isEmpty()) {
      throw new CheckpointException(
          file + ": the file has no checksum; it was not written by FastHebb or is damaged.");
    }
    String head = text(file, bytes.asSlice(Long.BYTES, dataStart - Long.BYTES));
    MessageDigest digest = Checksum.newDigest();
    digest.update(bytes.asSlice(0, Long.BYTES).asByteBuffer());
    digest.update(head.replace(expected, Checksum.PLACEHOLDER).getBytes(StandardCharsets.UTF_8));
    long chunk = 1 << 20;
    for (long at = dataStart; at < bytes.byteSize(); at += chunk) {
      digest.update(bytes.asSlice(at, Math.min(chunk, bytes.byteSize() - at)).asByteBuffer());
    }
    if (!HexFormat.of().formatHex(digest.digest()).equals(expected)) {
      throw new CheckpointException(
          file + ": the content does not match its checksum, it is damaged; get another copy.");
    }
  }

  /** Unmaps the file; further reading fails with an {@link IllegalStateException}. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private SafeTensorsHeader.TensorEntry tensor(String name) throws CheckpointException {
    SafeTensorsHeader.TensorEntry tensor = header.tensors().get(name);
    if (tensor == null) {
      throw CheckpointException.of(
          null,
          "%s: there is no tensor '%s' among the %,d of the file; check the name.",
          file,
          name,
          header.tensors().size());
    }
    return tensor;
  }

  private MemorySegment data(String name, String... dtypes) throws CheckpointException {
    SafeTensorsHeader.TensorEntry tensor = tensor(name);
    if (!List.of(dtypes).contains(tensor.dtype())) {
      throw CheckpointException.of(
          null,
          "%s: tensor '%s' has type %s where %s is needed; convert it before loading.",
          file,
          name,
          tensor.dtype(),
          String.join(" or ", dtypes));
    }
    return bytes.asSlice(dataStart + tensor.begin(), tensor.end() - tensor.begin());
  }

  private int length(String name) throws CheckpointException {
    try {
      return Math.toIntExact(SafeTensorsHeader.elements(tensor(name).shape()));
    } catch (ArithmeticException e) {
      throw tooLarge(name);
    }
  }

  private CheckpointException tooLarge(String name) throws CheckpointException {
    return CheckpointException.of(
        null,
        "%s: tensor '%s' of shape %s is too large for a Java array of 2^31-1 elements; split it.",
        file,
        name,
        Arrays.toString(tensor(name).shape()));
  }
}
