package org.fasthebb.tools.tables;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Json;

/** Results that are files: what is done is found there, and not done again. */
public final class Done {
  private Done() {}

  /**
   * What an earlier call left, or null if there is nothing.
   *
   * @param identityOf a result, which tells settings and data
   * @throws CheckpointException if it is of another identity than {@code identity}
   */
  public static <T> T find(
      Path file, Class<T> type, Function<T, String> identityOf, String identity)
      throws CheckpointException {
    if (!Files.exists(file)) {
      return null;
    }
    T result = Json.read(file, type);
    CheckpointException.requireSame(file, identity, identityOf.apply(result));
    return result;
  }
}
