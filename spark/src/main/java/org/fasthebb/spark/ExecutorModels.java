package org.fasthebb.spark;

import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.use.Model;

/**
 * The networks of an executor. Its tasks share one, which uses all cores of the executor. A network
 * that no task uses is kept until another one is needed.
 */
final class ExecutorModels {
  private static final Map<Long, Loaded> MODELS = new HashMap<>();

  private static final class Loaded {
    final Backend backend = Backend.cpu(cores());
    final Model model;
    int users;

    Loaded(byte[] file) throws IOException {
      try (LocalFolder local = new LocalFolder()) {
        model = Model.load(backend, local.model(file));
      } catch (IOException e) {
        backend.close();
        throw e;
      }
    }
  }

  private ExecutorModels() {}

  /** Cores that Spark has given to this executor, or the machine's. */
  private static int cores() {
    int machine = Runtime.getRuntime().availableProcessors();
    SparkEnv env = SparkEnv.get();
    return env == null ? machine : env.conf().getInt("spark.executor.cores", machine);
  }

  /** The network in a file, for a task, which must {@link #release} it. */
  static synchronized Model acquire(Broadcast<byte[]> file) throws IOException {
    Loaded loaded = MODELS.get(file.id());
    if (loaded == null) {
      closeIdle();
      loaded = new Loaded(file.value());
      MODELS.put(file.id(), loaded);
    }
    loaded.users++;
    return loaded.model;
  }

  static synchronized void release(Broadcast<byte[]> file) {
    MODELS.get(file.id()).users--;
  }

  private static void closeIdle() {
    for (Iterator<Loaded> all = MODELS.values().iterator(); all.hasNext(); ) {
      Loaded loaded = all.next();
      if (loaded.users == 0) {
        loaded.model.close();
        loaded.backend.close();
        all.remove();
      }
    }
  }
}
