package org.fasthebb.models.io;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The parsed and validated header of a safetensors file.
 *
 * @param metadata entries in file order
 * @param tensors tensors in file order; their data are disjoint and fill the file without gaps
 */
record SafeTensorsHeader(Map<String, String> metadata, Map<String, TensorEntry> tensors) {
  /** Header key of the metadata. */
  static final String METADATA = "__metadata__";

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
  record Origin(String file, String wayOut) {
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
  record TensorEntry(String dtype, long[] shape, long begin, long end) {}

  /**
   * Parses and validates a header.
   *
   * @param file where it is from, for messages
   * @param json the header text
   * @param dataStart position of the first data byte in the file
   * @param fileBytes size of the file
   * @throws CheckpointException if the header breaks any rule of the format
   */
  static SafeTensorsHeader parse(Origin file, String json, long dataStart, long fileBytes)
      throws CheckpointException {
    if (!json.startsWith("{")) {
      throw malformed(file, null, "the header is not a JSON object");
    }
    SafeTensorsHeader header;
    try (var reader = new JsonReader(new StringReader(json))) {
      reader.setStrictness(Strictness.STRICT);
      header = new Parser(file, reader).header();
    } catch (CheckpointException e) {
      throw e;
    } catch (MalformedJsonException | EOFException | IllegalStateException e) {
      throw malformed(file, e, "the header is not the JSON of the safetensors format");
    } catch (JsonParseException | IOException e) {
      throw malformed(file, e, "the header cannot be parsed");
    }
    header.validate(file, dataStart, fileBytes);
    return header;
  }

  private void validate(Origin file, long dataStart, long fileBytes) throws CheckpointException {
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
        throw CheckpointException.of(
            null,
            "%s: tensor '%s' ends at byte %,d but the file has %,d; "
                + "the file is truncated; %s.",
            file,
            name,
            dataStart + tensor.end,
            fileBytes,
            file.wayOut);
      }
      if (tensor.begin < position) {
        throw malformed(file, null, "tensors '%s' and '%s' overlap", previous, name);
      }
      if (tensor.begin > position) {
        throw malformed(
            file,
            null,
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
          null,
          "%,d bytes after the last tensor belong to no tensor",
          fileBytes - dataStart - position);
    }
  }

  private static void validateLength(Origin file, String name, TensorEntry tensor)
      throws CheckpointException {
    Integer elementBytes = ELEMENT_BYTES.get(tensor.dtype);
    if (elementBytes == null) {
      return;
    }
    try {
      long expected = Math.multiplyExact(elements(tensor.shape), elementBytes);
      if (tensor.end - tensor.begin == expected) {
        return;
      }
    } catch (ArithmeticException e) {
      throw malformed(file, e, "the shape of tensor '%s' is too large", name);
    }
    throw malformed(
        file,
        null,
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
  static long elements(long[] shape) {
    if (Arrays.stream(shape).anyMatch(size -> size == 0)) {
      return 0;
    }
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  static CheckpointException malformed(
      Origin file, Throwable cause, String format, Object... arguments) {
    return CheckpointException.of(
        cause,
        "%s: %s; the file is damaged or not a safetensors file; %s.",
        file,
        String.format(Locale.ROOT, format, arguments),
        file.wayOut);
  }

  /** Recursive descent over the header; rejects duplicate names, which JSON objects may hide. */
  private record Parser(Origin file, JsonReader in) {
    SafeTensorsHeader header() throws IOException {
      Map<String, String> metadata = new LinkedHashMap<>();
      Map<String, TensorEntry> tensors = new LinkedHashMap<>();
      boolean metadataSeen = false;
      in.beginObject();
      while (in.hasNext()) {
        String name = in.nextName();
        if (tensors.containsKey(name) || (metadataSeen && name.equals(METADATA))) {
          throw malformed(file, null, "name '%s' appears twice", name);
        }
        if (name.equals(METADATA)) {
          metadataSeen = true;
          readMetadata(metadata);
        } else {
          tensors.put(name, tensor(name));
        }
      }
      in.endObject();
      if (in.peek() != JsonToken.END_DOCUMENT) {
        throw malformed(file, null, "text follows the JSON header");
      }
      return new SafeTensorsHeader(metadata, tensors);
    }

    /** Metadata may be null, which some programs write for none. */
    private void readMetadata(Map<String, String> metadata) throws IOException {
      if (in.peek() == JsonToken.NULL) {
        in.nextNull();
        return;
      }
      in.beginObject();
      while (in.hasNext()) {
        String key = in.nextName();
        if (in.peek() != JsonToken.STRING) {
          throw malformed(file, null, "metadata entry '%s' is not a string", key);
        }
        if (metadata.put(key, in.nextString()) != null) {
          throw malformed(file, null, "metadata entry '%s' appears twice", key);
        }
      }
      in.endObject();
    }

    private TensorEntry tensor(String name) throws IOException {
      String dtype = null;
      long[] shape = null;
      long[] offsets = null;
      in.beginObject();
      while (in.hasNext()) {
        String field = in.nextName();
        if (field.equals("dtype") && dtype == null && in.peek() == JsonToken.STRING) {
          dtype = in.nextString();
        } else if (field.equals("shape") && shape == null) {
          shape = naturals(name, field);
        } else if (field.equals("data_offsets") && offsets == null) {
          offsets = naturals(name, field);
        } else if (FIELDS.contains(field)) {
          throw malformed(
              file, null, "tensor '%s' has a wrong or repeated entry '%s'", name, field);
        } else {
          in.skipValue(); // of a later version of the format, or of another program
        }
      }
      in.endObject();
      if (dtype == null || shape == null || offsets == null) {
        throw malformed(file, null, "tensor '%s' lacks dtype, shape or data_offsets", name);
      }
      if (offsets.length != 2 || offsets[0] > offsets[1]) {
        throw malformed(
            file, null, "tensor '%s' has data_offsets %s", name, Arrays.toString(offsets));
      }
      return new TensorEntry(dtype, shape, offsets[0], offsets[1]);
    }

    private long[] naturals(String name, String field) throws IOException {
      var numbers = new ArrayList<Long>();
      in.beginArray();
      while (in.hasNext()) {
        String text = in.peek() == JsonToken.NUMBER ? in.nextString() : "";
        if (!text.matches("\\d{1,18}")) {
          throw malformed(
              file,
              null,
              "%s of tensor '%s' holds something other than natural numbers",
              field,
              name);
        }
        numbers.add(Long.parseLong(text));
      }
      in.endArray();
      return numbers.stream().mapToLong(Long::longValue).toArray();
    }
  }
}
