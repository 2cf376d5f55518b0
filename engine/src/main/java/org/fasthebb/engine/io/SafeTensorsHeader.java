package org.fasthebb.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The parsed and validated header of a safetensors file.
 *
 * @param bytes the length of the header, and the header, as they begin the file
 * @param metadata entries in file order
 * @param tensors tensors in file order; their data are disjoint and fill the file without gaps
 */
public record SafeTensorsHeader(
    byte[] bytes, Map<String, String> metadata, Map<String, TensorEntry> tensors) {
  /** Header key of the metadata, which no tensor may have. */
  public static final String METADATA = "__metadata__";

  private static final long MAX_BYTES = 100_000_000;

  /** Entries of a tensor, all of which must be there once; others are skipped. */
  private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");

  /** Bytes per element; a type that is not listed is kept but cannot be checked or read. */
  private static final Map<String, Integer> ELEMENT_BYTES =
      Map.ofEntries(
          Map.entry("BOOL", 1),
          Map.entry("U8", 1),
          Map.entry("I8", 1),
          Map.entry("F8_E4M3", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("U16", 2),
          Map.entry("I16", 2),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("U32", 4),
          Map.entry("I32", 4),
          Map.entry("F32", 4),
          Map.entry("U64", 8),
          Map.entry("I64", 8),
          Map.entry("F64", 8));

  /**
   * The file that a header is of.
   *
   * @param file its name, for messages
   * @param wayOut what to do if it is damaged, for messages
   */
  public record Origin(String file, String wayOut) {
    @Override
    public String toString() {
      return file;
    }
  }

  /**
   * Type, shape and place of a tensor.
   *
   * @param begin first byte, counted from the end of the header
   * @param end byte after the last one
   */
  public record TensorEntry(String dtype, long[] shape, long begin, long end) {}

  /**
   * Reads and validates the header of a file.
   *
   * @param channel the file, which stays open
   * @param file its name, for messages
   * @throws FileFormatException if the file breaks any rule of the format
   * @throws IOException if it cannot be read
   */
  public static SafeTensorsHeader read(FileChannel channel, Origin file) throws IOException {
    long size = channel.size();
    if (size < Long.BYTES + 2) {
      throw malformed(file, "the file has only %,d bytes", size);
    }
    ByteBuffer first = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    fill(channel, 0, first, file);
    long length = first.getLong(0);
    if (length < 2 || length > MAX_BYTES) {
      throw malformed(
          file, "the header length is given as %s bytes", Long.toUnsignedString(length));
    }
    if (length > size - Long.BYTES) {
      throw new FileFormatException(
          "%s: the header ends at byte %,d but the file has %,d; the file is truncated; %s.",
          file, length + Long.BYTES, size, file.wayOut);
    }
    byte[] bytes = new byte[Long.BYTES + (int) length];
    fill(channel, 0, ByteBuffer.wrap(bytes), file);
    SafeTensorsHeader header = parse(file, bytes);
    header.validate(file, bytes.length, size);
    return header;
  }

  /**
   * Fills a buffer with the bytes of a file from a position on.
   *
   * @throws FileFormatException if the file ends before
   */
  public static void fill(FileChannel channel, long position, ByteBuffer buffer, Origin file)
      throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new FileFormatException(
            "%s became shorter while it was read; wait until it is written, and try again.", file);
      }
    }
  }

  /**
   * The first bytes of a file, behind which the data of tensors follow.
   *
   * @param metadata entries, none of which means that there is no metadata
   */
  public static byte[] bytes(Map<String, String> metadata, Map<String, TensorEntry> tensors) {
    List<String> entries = new ArrayList<>();
    if (!metadata.isEmpty()) {
      entries.add(
          metadata.entrySet().stream()
              .map(e -> HeaderText.quoted(e.getKey()) + ":" + HeaderText.quoted(e.getValue()))
              .collect(Collectors.joining(",", HeaderText.quoted(METADATA) + ":{", "}")));
    }
    tensors.forEach((name, tensor) ->
        entries.add(
            HeaderText.quoted(name)
                + ":{\"dtype\":"
                + HeaderText.quoted(tensor.dtype)
                + ",\"shape\":"
                + Arrays.toString(tensor.shape).replace(" ", "")
                + ",\"data_offsets\":["
                + tensor.begin
                + ","
                + tensor.end
                + "]}"));
    byte[] text = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[Long.BYTES + text.length + (-text.length & 7)];
    Arrays.fill(bytes, (byte) ' ');
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length - Long.BYTES)
        .put(text);
    return bytes;
  }

  private static SafeTensorsHeader parse(Origin file, byte[] bytes) throws FileFormatException {
    String json;
    try {
      ByteBuffer utf8 = ByteBuffer.wrap(bytes, Long.BYTES, bytes.length - Long.BYTES);
      json = StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException _) {
      throw malformed(file, "the header is not UTF-8 text");
    }
    if (!json.startsWith("{")) {
      throw malformed(file, "the header is not a JSON object");
    }
    return new Parser(file, new HeaderText(file, json)).header(bytes);
  }

  private void validate(Origin file, long dataStart, long fileBytes) throws FileFormatException {
    List<String> byPosition = new ArrayList<>(tensors.keySet());
    byPosition.sort(
        Comparator.<String>comparingLong(n -> tensors.get(n).begin)
            .thenComparingLong(n -> tensors.get(n).end));
    long position = 0;
    String previous = null;
    for (String name : byPosition) {
      TensorEntry tensor = tensors.get(name);
      validateLength(file, name, tensor);
      if (tensor.end > fileBytes - dataStart) {
        throw new FileFormatException(
            "%s: tensor '%s' ends at byte %,d but the file has %,d; "
                + "the file is truncated; %s.",
            file, name, dataStart + tensor.end, fileBytes, file.wayOut);
      }
      if (tensor.begin < position) {
        throw malformed(file, "tensors '%s' and '%s' overlap", previous, name);
      }
      if (tensor.begin > position) {
        throw malformed(
            file,
            "%,d bytes before tensor '%s' belong to no tensor",
            tensor.begin - position,
            name);
      }
      position = tensor.end;
      previous = name;
    }
    if (dataStart + position != fileBytes) {
      throw malformed(
          file,
          "%,d bytes after the last tensor belong to no tensor",
          fileBytes - dataStart - position);
    }
  }

  private static void validateLength(Origin file, String name, TensorEntry tensor)
      throws FileFormatException {
    Integer elementBytes = ELEMENT_BYTES.get(tensor.dtype);
    if (elementBytes == null) {
      return;
    }
    try {
      long expected = Math.multiplyExact(elements(tensor.shape), elementBytes);
      if (tensor.end - tensor.begin == expected) {
        return;
      }
    } catch (ArithmeticException _) {
      throw malformed(file, "the shape of tensor '%s' is too large", name);
    }
    throw malformed(
        file,
        "tensor '%s' has %,d bytes, which does not fit type %s and shape %s",
        name,
        tensor.end - tensor.begin,
        tensor.dtype,
        Arrays.toString(tensor.shape));
  }

  /**
   * Number of elements of a shape.
   *
   * @throws ArithmeticException if it exceeds the range of long
   */
  public static long elements(long[] shape) {
    if (Arrays.stream(shape).anyMatch(size -> size == 0)) {
      return 0;
    }
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  static FileFormatException malformed(Origin file, String format, Object... arguments) {
    return new FileFormatException(
        "%s: %s; the file is damaged or not a safetensors file; %s.",
        file, String.format(Locale.ROOT, format, arguments), file.wayOut);
  }

  /** Recursive descent over the header; rejects duplicate names, which JSON objects may hide. */
  private record Parser(Origin file, HeaderText in) {
    SafeTensorsHeader header(byte[] bytes) throws FileFormatException {
      Map<String, String> metadata = new LinkedHashMap<>();
      Map<String, TensorEntry> tensors = new LinkedHashMap<>();
      boolean metadataSeen = false;
      in.expect('{');
      for (boolean first = true; in.hasNext(first, '}'); first = false) {
        String name = in.name();
        if (tensors.containsKey(name) || (metadataSeen && name.equals(METADATA))) {
          throw malformed(file, "name '%s' appears twice", name);
        }
        if (name.equals(METADATA)) {
          metadataSeen = true;
          readMetadata(metadata);
        } else {
          tensors.put(name, tensor(name));
        }
      }
      in.end();
      return new SafeTensorsHeader(bytes, metadata, tensors);
    }

    /** Metadata may be null, which some programs write for none. */
    private void readMetadata(Map<String, String> metadata) throws FileFormatException {
      if (in.peek() == 'n') {
        in.skip();
        return;
      }
      in.expect('{');
      for (boolean first = true; in.hasNext(first, '}'); first = false) {
        String key = in.name();
        if (in.peek() != '"') {
          throw malformed(file, "metadata entry '%s' is not a string", key);
        }
        if (metadata.put(key, in.string()) != null) {
          throw malformed(file, "metadata entry '%s' appears twice", key);
        }
      }
    }

    private TensorEntry tensor(String name) throws FileFormatException {
      String dtype = null;
      long[] shape = null;
      long[] offsets = null;
      in.expect('{');
      for (boolean first = true; in.hasNext(first, '}'); first = false) {
        String field = in.name();
        if (field.equals("dtype") && dtype == null && in.peek() == '"') {
          dtype = in.string();
        } else if (field.equals("shape") && shape == null) {
          shape = naturals(name, field);
        } else if (field.equals("data_offsets") && offsets == null) {
          offsets = naturals(name, field);
        } else if (FIELDS.contains(field)) {
          throw malformed(file, "tensor '%s' has a wrong or repeated entry '%s'", name, field);
        } else {
          in.skip(); // of a later version of the format, or of another program
        }
      }
      if (dtype == null || shape == null || offsets == null) {
        throw malformed(file, "tensor '%s' lacks dtype, shape or data_offsets", name);
      }
      if (offsets.length != 2 || offsets[0] > offsets[1]) {
        throw malformed(file, "tensor '%s' has data_offsets %s", name, Arrays.toString(offsets));
      }
      return new TensorEntry(dtype, shape, offsets[0], offsets[1]);
    }

    private long[] naturals(String name, String field) throws FileFormatException {
      var numbers = new ArrayList<Long>();
      in.expect('[');
      for (boolean first = true; in.hasNext(first, ']'); first = false) {
        String number = in.plain();
        if (!number.matches("0|[1-9][0-9]{0,17}")) {
          throw malformed(
              file, "%s of tensor '%s' holds something other than natural numbers", field, name);
        }
        numbers.add(Long.parseLong(number));
      }
      return numbers.stream().mapToLong(Long::longValue).toArray();
    }
  }
}
