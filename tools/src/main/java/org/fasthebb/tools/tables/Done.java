package org.fasthebb.tools.tables;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.fasthebb.models.io.CheckpointException;
import org.fasthebb.models.io.Identity;
import org.fasthebb.models.io.Json;

/** Finds results that an earlier call has left in files, so that they are not computed again. */
public final class Done {
  private Done() {}

  /**
   * The result of an earlier call, or null if there is none.
   *
   * @param identityOf gives the identity of a result: its settings and data
   * @throws CheckpointException if its identity is not {@code identity}
   */
  public static <T> T find(
      Path file, Class<T> type, Function<T, String> identityOf, String identity)
      throws CheckpointException {
    if (!Files.exists(file)) {
      return null;
    }
    T result = Json.read(file, type);
    Identity.requireSame(file, identity, identityOf.apply(result));
    return result;
  }
}
