package org.fasthebb.models.io;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads and writes records as JSON; the field bestEpoch is called best_epoch there. A file that
 * holds a record has a checksum of its values as the last field.
 */
public final class Json {
  private static final Gson LINES =
      new GsonBuilder()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .disableHtmlEscaping()
          .create();
  private static final Gson PRETTY = LINES.newBuilder().setPrettyPrinting().create();

  private Json() {}

  /** The JSON of a record on one line. */
  public static String line(Object value) {
    return LINES.toJson(value);
  }

  /**
   * Reads a list of texts that {@link #line} wrote.
   *
   * @throws IllegalArgumentException if it is not a list of texts
   */
  public static List<String> texts(String json) {
    try {
      return List.of(LINES.fromJson(json, String[].class));
    } catch (JsonParseException | NullPointerException e) {
      throw new IllegalArgumentException("'" + json + "' is not a list of texts", e);
    }
  }

  /** Writes a record, or a list, to a file, whole or not at all. */
  public static void write(Path file, Object value) throws CheckpointException {
    JsonElement tree = PRETTY.toJsonTree(value);
    if (tree instanceof JsonObject fields) {
      fields.addProperty(Checksum.KEY, digest(fields));
    }
    AtomicFile.writeString(file, PRETTY.toJson(tree) + "\n");
  }

  /** Reads a file that {@link #write} wrote. */
  public static <T> T read(Path file, Class<T> type) throws CheckpointException {
    return read(file, type, "remove it and run again");
  }

  /**
   * Reads a file that {@link #write} wrote. Files of version 0.1 have no checksum.
   *
   * @param type a record; its constructor refuses fields that must not be null
   * @param wayOut what to do if the file is missing or damaged; errors end with it
   * @throws CheckpointException if the file cannot be read, or does not match its checksum
   */
  public static <T> T read(Path file, Class<T> type, String wayOut) throws CheckpointException {
    return read(file, type, wayOut, false);
  }

  /** As {@link #read(Path, Class, String)}, but refuses files without a checksum. */
  public static <T> T readChecked(Path file, Class<T> type, String wayOut)
      throws CheckpointException {
    return read(file, type, wayOut, true);
  }

  private static <T> T read(Path file, Class<T> type, String wayOut, boolean checked)
      throws CheckpointException {
    try {
      JsonElement tree = parse(Files.readString(file));
      if (!(tree instanceof JsonObject fields)) {
        throw new CheckpointException(file + " holds no results; " + wayOut);
      }
      JsonElement checksum = fields.remove(Checksum.KEY);
      if (checksum == null ? checked : !checksum.getAsString().equals(digest(fields))) {
        throw new CheckpointException(
            file + " does not match its checksum, because it was changed; " + wayOut);
      }
      return PRETTY.fromJson(PRETTY.toJson(fields), type); // a tree would wrap large numbers
    } catch (CheckpointException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // Gson throws several kinds
      throw new CheckpointException("cannot read " + file + " (" + reason(e) + "); " + wayOut, e);
    }
  }

  /** Parses a text as it is written here: a letter that was changed is found even in a keyword. */
  private static JsonElement parse(String text) throws IOException {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    JsonElement tree = JsonParser.parseReader(reader);
    if (reader.peek() != JsonToken.END_DOCUMENT) {
      throw new IOException("more follows after its end");
    }
    return tree;
  }

  private static String reason(Exception e) {
    if (e instanceof IOException io) {
      return ReadFailure.reason(io);
    }
    if (e instanceof JsonParseException) {
      return "it is damaged, or no JSON"; // Gson's own words are for programmers
    }
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private static String digest(JsonObject fields) {
    byte[] text = PRETTY.toJson(fields).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Checksum.newDigest().digest(text));
  }
}
