package org.fasthebb.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.fasthebb.models.protocol.Experiment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks get what earlier ones have pre-trained, and nothing that is unfinished. */
class SharedPretrainingsTest {
  private static final String NETWORK = "pretraining-eta=0.001-seed0";

  @TempDir Path folder;

  private Path write(String task, String network, String file, String content) throws Exception {
    Path place = Files.createDirectories(folder.resolve(task).resolve(network));
    return Files.writeString(place.resolve(file), content);
  }

  @Test
  void laterTasksGetWholeNetworks() throws Exception {
    SharedPretrainings shared = new SharedPretrainings(folder.resolve("shared"));
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    shared.lend(first); // when nothing is shared yet
    write("first", NETWORK, Experiment.PRETRAINED, "network");
    write("first", NETWORK, "history.json", "history");
    write("first", NETWORK, ".history.json.tmp", "is being written");
    write("first", "pretraining-eta=0.002-seed0", "pretrain.state", "unfinished");
    write("first", "point-rate=0.1-seed0", Experiment.PRETRAINED, "of something else");
    shared.keep(first);
    shared.keep(first); // another task has left the same
    shared.lend(second);
    assertEquals(1, second.toFile().list().length);
    Path network = second.resolve(NETWORK);
    assertEquals(2, network.toFile().list().length);
    assertEquals("network", Files.readString(network.resolve(Experiment.PRETRAINED)));
    assertEquals("history", Files.readString(network.resolve("history.json")));

    Files.delete(first.resolve(NETWORK).resolve(Experiment.PRETRAINED)); // as the folder of a task
    assertEquals("network", Files.readString(network.resolve(Experiment.PRETRAINED)));
    Path third = folder.resolve("third");
    new SharedPretrainings(folder.resolve("of another job")).lend(third);
    assertFalse(Files.exists(third));
  }
}
