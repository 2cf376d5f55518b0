package org.fasthebb.models.imagenet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Reads arrays of structures from a MATLAB 5 file, as far as the development kit of ImageNet needs.
 *
 * <p>The file is a header of 128 bytes and then elements: a type, a length and that many bytes,
 * padded to 8. A variable is an element of type matrix, which holds further elements: flags,
 * dimensions, a name, and the values; of a structure, the names of the fields and one matrix for
 * each field of each structure. Any variable may be compressed by zlib. See "MAT-File Format",
 * MathWorks.
 */
final class MatFile {
  private static final int HEADER = 128;

  /** Where the two letters lie that tell the order of bytes. */
  private static final int ENDIAN = 126;

  /** The most bytes of an inflated variable: damage must not fill the memory. */
  private static final int MOST_BYTES = 1 << 27;

  // Types of elements.
  private static final int INT8 = 1;
  private static final int UINT8 = 2;
  private static final int INT16 = 3;
  private static final int UINT16 = 4;
  private static final int INT32 = 5;
  private static final int UINT32 = 6;
  private static final int SINGLE = 7;
  private static final int DOUBLE = 9;
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;

  // Classes of matrices.
  private static final int STRUCTURE = 2;
  private static final int TEXT = 4;

  private MatFile() {}

  /** A type and its bytes. */
  private record Element(int type, ByteBuffer bytes) {}

  /**
   * The structures of a variable, in their order.
   *
   * @param fields the names of the fields to read; each must be a text or a single number
   * @return for each structure, the values by the names of their fields: a String or a Double
   * @throws IOException if there is no such variable, or the file is damaged; the message is the
   *     reason
   */
  static List<Map<String, Object>> structures(byte[] file, String variable, Set<String> fields)
      throws IOException {
    try {
      ByteBuffer in = ByteBuffer.wrap(file);
      in.order(file[ENDIAN] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      in.position(HEADER);
      while (in.hasRemaining()) {
        Element element = next(in);
        if (element.type == COMPRESSED) {
          element = next(inflate(element.bytes));
        }
        if (element.type == MATRIX) {
          ByteBuffer matrix = element.bytes;
          int kind = next(matrix).bytes.get(0);
          int count = count(next(matrix).bytes);
          if (text(next(matrix)).equals(variable) && kind == STRUCTURE) {
            return structures(matrix, count, fields);
          }
        }
      }
    } catch (BufferUnderflowException
        | ArithmeticException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | ZipException
        | EOFException e) {
      throw new IOException("it is no MATLAB 5 file, or damaged", e);
    }
    throw new IOException("it has no structures '" + variable + "'");
  }

  private static ByteBuffer inflate(ByteBuffer bytes) throws IOException {
    var in = new ByteArrayInputStream(bytes.array(), bytes.arrayOffset(), bytes.remaining());
    byte[] inflated = new InflaterInputStream(in).readNBytes(MOST_BYTES);
    return ByteBuffer.wrap(inflated).order(bytes.order());
  }

  /** Reads an element and the bytes that pad it. */
  private static Element next(ByteBuffer in) {
    int type = in.getInt();
    int length;
    int padded;
    if (type >>> 16 != 0) { // the short form: up to 4 bytes, in 8 with the type and length
      length = type >>> 16;
      type &= 0xffff;
      padded = 4;
    } else {
      length = in.getInt();
      padded = type == COMPRESSED ? length : (length + 7) & ~7;
    }
    int start = in.position();
    ByteBuffer bytes = in.slice(start, length).order(in.order());
    in.position(Math.min(in.limit(), start + padded)); // the last may end without its padding
    return new Element(type, bytes);
  }

  private static int count(ByteBuffer dimensions) {
    int count = 1;
    while (dimensions.hasRemaining()) {
      count = Math.multiplyExact(count, dimensions.getInt());
    }
    return count;
  }

  private static List<Map<String, Object>> structures(
      ByteBuffer matrix, int count, Set<String> wanted) throws IOException {
    int nameLength = next(matrix).bytes.getInt();
    ByteBuffer names = next(matrix).bytes;
    if (nameLength < 1 || nameLength > names.remaining()) {
      throw new IllegalArgumentException("names of " + nameLength + " bytes");
    }
    List<String> fields = new ArrayList<>();
    while (names.hasRemaining()) {
      byte[] name = new byte[nameLength];
      names.get(name);
      fields.add(new String(name, UTF_8).replaceFirst("\0.*", ""));
    }
    if (!fields.containsAll(wanted)) {
      throw new IOException("its structures have the fields " + fields + ", but need " + wanted);
    }
    List<Map<String, Object>> structures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Object> structure = new HashMap<>();
      for (String field : fields) {
        Element value = next(matrix);
        if (wanted.contains(field)) {
          structure.put(field, value(value.bytes));
        }
      }
      structures.add(structure);
    }
    return structures;
  }

  /** A text or a number. */
  private static Object value(ByteBuffer matrix) {
    int kind = next(matrix).bytes.get(0);
    next(matrix); // the dimensions
    next(matrix); // the name, which is empty
    Element value = next(matrix);
    return kind == TEXT ? (Object) text(value) : (Object) number(value);
  }

  private static String text(Element element) {
    ByteBuffer bytes = element.bytes;
    if (element.type == UINT16) {
      return bytes.asCharBuffer().toString();
    }
    byte[] text = new byte[bytes.remaining()];
    bytes.get(text);
    return new String(text, UTF_8);
  }

  /** A number, which a file keeps in the shortest type that holds it. */
  private static double number(Element element) {
    ByteBuffer bytes = element.bytes;
    return switch (element.type) {
      case INT8 -> bytes.get();
      case UINT8 -> Byte.toUnsignedInt(bytes.get());
      case INT16 -> bytes.getShort();
      case UINT16 -> Short.toUnsignedInt(bytes.getShort());
      case INT32 -> bytes.getInt();
      case UINT32 -> Integer.toUnsignedLong(bytes.getInt());
      case SINGLE -> bytes.getFloat();
      case DOUBLE -> bytes.getDouble();
      default -> throw new IllegalArgumentException("type " + element.type);
    };
  }
}
