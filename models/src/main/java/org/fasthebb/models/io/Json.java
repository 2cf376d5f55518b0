package org.fasthebb.models.io;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes records as JSON; the field bestEpoch is called best_epoch there. */
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

  /** Writes a record to a file, whole or not at all. */
  public static void write(Path file, Object value) throws CheckpointException {
    AtomicFile.writeString(file, PRETTY.toJson(value) + "\n");
  }

  /** Reads a file that {@link #write} wrote. */
  public static <T> T read(Path file, Class<T> type) throws CheckpointException {
    try {
      T value = PRETTY.fromJson(Files.readString(file), type);
      if (value == null) {
        throw new CheckpointException(file + " is empty; remove it and run again");
      }
      return value;
    } catch (IOException | JsonParseException e) {
      throw new CheckpointException(
          "cannot read " + file + " (" + e.getMessage() + "); remove it and run again", e);
    }
  }
}
