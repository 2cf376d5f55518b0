package org.fasthebb.models.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.fasthebb.engine.io.FileFormatException;
import org.fasthebb.engine.io.SafeTensorsHeader;
import org.fasthebb.engine.io.SafeTensorsHeader.Origin;
import org.fasthebb.engine.io.SafeTensorsHeader.TensorEntry;

/**
 * A safetensors file opened for reading.
 *
 * <p>The file is copied into memory, so that a program which writes into it meanwhile cannot change
 * what is read; {@link #close} lets go of the copy. A large file can be {@linkplain #map mapped}
 * instead. Use it in a try-with-resources statement. Instances may be shared between threads.
 */
public final class SafeTensors implements AutoCloseable {
  /** Bytes that are read or added to a checksum at once. */
  private static final int CHUNK_BYTES = 1 << 20;

  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Origin file;

  private final SafeTensorsHeader header;

  /**
   * What follows the header: in a long[], which can be larger than a byte[], or mapped; null if
   * closed.
   */
  private volatile MemorySegment data;

  /** What a mapped file is unmapped with. */
  private final Arena arena;

  private SafeTensors(Origin file, MemorySegment data, SafeTensorsHeader header, Arena arena) {
    this.arena = arena;
    this.file = file;
    this.data = data;
    this.header = header;
  }

  /**
   * Reads a file and validates its header.
   *
   * @param path the file
   * @return the open file; close it after use
   * @throws CheckpointException if the file cannot be read or breaks a rule of the format
   */
  public static SafeTensors read(Path path) throws CheckpointException {
    return read(path, "get another copy");
  }

  /**
   * Reads a file and validates its header.
   *
   * @param path the file
   * @param wayOut what to do if the file is damaged; errors end with it
   * @return the open file; close it after use
   * @throws CheckpointException if the file cannot be read or breaks a rule of the format
   */
  public static SafeTensors read(Path path, String wayOut) throws CheckpointException {
    return open(
        path,
        wayOut,
        (file, channel, header) ->
            new SafeTensors(file, content(channel, header.bytes().length, file), header, null));
  }

  /**
   * Maps a file into memory and validates its header. Nothing else of it is on the heap; whoever
   * changes the file must {@linkplain AtomicFile replace} it, since cutting it short makes the JVM
   * throw an {@link InternalError} here.
   *
   * @param path the file
   * @param wayOut what to do if the file is damaged; errors end with it
   * @return the open file; close it after use
   * @throws CheckpointException if the file cannot be read or breaks a rule of the format
   */
  public static SafeTensors map(Path path, String wayOut) throws CheckpointException {
    return open(
        path,
        wayOut,
        (file, channel, header) -> {
          long from = header.bytes().length;
          Arena arena = Arena.ofShared();
          try {
            MemorySegment data = channel.map(MapMode.READ_ONLY, from, channel.size() - from, arena);
            return new SafeTensors(file, data, header, arena);
          } catch (IOException e) {
            arena.close();
            throw e;
          }
        });
  }

  /**
   * Reads the metadata of a file, and nothing behind its header.
   *
   * @param path the file
   * @return entries in file order, empty if the file has none
   * @throws CheckpointException if the file cannot be read or breaks a rule of the format
   */
  public static Map<String, String> metadata(Path path) throws CheckpointException {
    return open(path, "get another copy", (_, _, header) -> header.metadata());
  }

  /** Makes something of a file whose header has been validated. */
  private interface ContentReader<T> {
    T of(Origin file, FileChannel channel, SafeTensorsHeader header) throws IOException;
  }

  private static <T> T open(Path path, String wayOut, ContentReader<T> content)
      throws CheckpointException {
    Origin file = new Origin(path.toString(), wayOut);
    try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return content.of(file, channel, SafeTensorsHeader.read(channel, file));
    } catch (CheckpointException e) {
      throw e;
    } catch (FileFormatException e) {
      throw new CheckpointException(e.getMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(
          "Cannot read '"
              + path
              + "': "
              + ReadFailure.reason(e)
              + "; name a file that can be read.",
          e);
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

  /** Copies what follows the header. */
  private static MemorySegment content(FileChannel channel, int from, Origin file)
      throws IOException {
    long size = channel.size() - from;
    long[] words = new long[Math.toIntExact((size + Long.BYTES - 1) / Long.BYTES)];
    MemorySegment content = MemorySegment.ofArray(words).asSlice(0, size);
    byte[] chunk = new byte[CHUNK_BYTES];
    for (long at = 0; at < size; at += CHUNK_BYTES) {
      int count = (int) Math.min(CHUNK_BYTES, size - at);
      SafeTensorsHeader.fill(channel, from + at, ByteBuffer.wrap(chunk, 0, count), file);
      MemorySegment.copy(chunk, 0, content, ValueLayout.JAVA_BYTE, at, count);
    }
    return content;
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
   * Copies out elements from .. from+count-1 of a tensor of type F32, in row-major order.
   *
   * @param name one of {@link #names()}
   * @throws IllegalArgumentException if there is no such tensor, or it has another type
   * @throws IndexOutOfBoundsException if it has fewer elements
   */
  public float[] floats(String name, long from, int count) {
    TensorEntry tensor = header.tensors().get(name);
    if (tensor == null || !tensor.dtype().equals("F32")) {
      throw new IllegalArgumentException(file + " has no tensor '" + name + "' of type F32");
    }
    MemorySegment all = content().asSlice(tensor.begin(), tensor.end() - tensor.begin());
    float[] result = new float[count];
    MemorySegment.copy(all, F32, from * Float.BYTES, result, 0, count);
    return result;
  }

  /** Whether all values are finite. */
  public static boolean areFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Copies out a tensor like {@link #floats}, and refuses one with a value that is not finite.
   *
   * @param name one of {@link #names()}
   * @return new row-major array of finite values
   * @throws CheckpointException as {@link #floats} does, or if a value is not finite
   */
  public float[] finiteFloats(String name) throws CheckpointException {
    float[] values = floats(name);
    if (!areFinite(values)) {
      throw new CheckpointException(
          file + ": tensor '" + name + "' holds values that are not finite; " + file.wayOut());
    }
    return values;
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
   * Compares the content with the checksum that {@link SafeTensorsWriter} put into the file.
   * Another program may have saved the same content again, in another order. A metadata entry
   * sha256 that says "unchecked" is as good as the checksum, so that a user can change a file
   * knowingly.
   *
   * @throws CheckpointException if a value has changed or the file has no checksum
   */
  public void verifyChecksum() throws CheckpointException {
    String expected = header.metadata().getOrDefault(Checksum.KEY, "");
    if (expected.equals(Checksum.UNCHECKED)) {
      return;
    }
    String accept = "to read it as it is, set its metadata entry sha256 to 'unchecked'.";
    if (expected.isEmpty()) {
      throw new CheckpointException(
          file + ": the file has no checksum, because another program wrote it; " + accept);
    }
    if (!expected.equals(contentDigest()) && !expected.equals(fileDigest(expected))) {
      throw new CheckpointException(
          file
              + ": the content does not match its checksum, because it is damaged or another"
              + " program has changed it; "
              + file.wayOut()
              + ", or, "
              + accept);
    }
  }

  private String contentDigest() {
    MessageDigest digest = Checksum.newDigest();
    Checksum.addMetadata(digest, header.metadata());
    for (String name : new TreeSet<>(header.tensors().keySet())) {
      TensorEntry tensor = header.tensors().get(name);
      Checksum.addTensor(digest, name, tensor.dtype(), tensor.shape());
      addData(digest, tensor.begin(), tensor.end());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The checksum as files of version 0.1 have it. */
  private String fileDigest(String checksum) {
    MessageDigest digest = Checksum.newDigest();
    byte[] head = header.bytes();
    digest.update(head, 0, Long.BYTES);
    String blank =
        new String(head, Long.BYTES, head.length - Long.BYTES, StandardCharsets.UTF_8)
            .replace(checksum, Checksum.PLACEHOLDER);
    digest.update(blank.getBytes(StandardCharsets.UTF_8));
    addData(digest, 0, content().byteSize());
    return HexFormat.of().formatHex(digest.digest());
  }

  private void addData(MessageDigest digest, long begin, long end) {
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, end - begin)];
    for (long at = begin; at < end; at += CHUNK_BYTES) {
      int count = (int) Math.min(CHUNK_BYTES, end - at);
      MemorySegment.copy(content(), ValueLayout.JAVA_BYTE, at, chunk, 0, count);
      digest.update(chunk, 0, count);
    }
  }

  /** Lets go of the content; further reading fails with an {@link IllegalStateException}. */
  @Override
  public void close() {
    data = null;
    if (arena != null && arena.scope().isAlive()) {
      arena.close();
    }
  }

  private MemorySegment content() {
    MemorySegment content = data;
    if (content == null) {
      throw new IllegalStateException(file + " is closed; read it again");
    }
    return content;
  }

  private TensorEntry tensor(String name) throws CheckpointException {
    TensorEntry tensor = header.tensors().get(name);
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
    TensorEntry tensor = tensor(name);
    if (!List.of(dtypes).contains(tensor.dtype())) {
      throw CheckpointException.of(
          null,
          "%s: tensor '%s' has type %s where %s is needed; convert it before loading.",
          file,
          name,
          tensor.dtype(),
          String.join(" or ", dtypes));
    }
    return content().asSlice(tensor.begin(), tensor.end() - tensor.begin());
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
