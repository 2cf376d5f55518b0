rootProject.name = "embedder"
