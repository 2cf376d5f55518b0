package org.fasthebb.tools.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.data.Inspection;
import org.fasthebb.models.data.TinyImageNet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installs a tenth of Tiny ImageNet, if its archive is available. */
class TinySubsetTest {
  @TempDir Path dir;

  @Test
  @Tag("long") // InspectionTest and TinyImageNetTest read a few images in the same folders
  void unpacksChecksAndReads() throws IOException {
    Path archive =
        Path.of(System.getProperty("fasthebb.shared", "../../shared"))
            .resolve("data/tiny-imagenet-200-subset.tar.gz");
    assumeTrue(Files.exists(archive), "there is no " + archive + "; see fasthebb.shared");
    Watcher nobody =
        new Watcher() {
          @Override
          public void message(String text) {}

          @Override
          public void step(String phase, long done, long total) {}
        };
    Archive.unpack(archive, archive.getFileName().toString(), dir, nobody);
    Inspection found = Inspection.of(dir).getFirst();
    assertEquals(List.of(), found.problems());
    assertEquals("tiny-imagenet", found.layout());
    assertEquals(Collections.nCopies(200, 50), found.train().counts());
    assertEquals(Collections.nCopies(200, 10), found.test().counts());
    assertEquals(Map.of(new Inspection.Size(64, 64), 10_000), found.train().sizes());
    DataSet data = TinyImageNet.read(dir, 32);
    assertEquals(10_000, data.train().size());
    assertEquals(2_000, data.test().size());
    assertEquals("Egyptian cat", data.train().classNames().getFirst());
  }
}
