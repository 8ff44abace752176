"""Control to what people look at: pages, timeline, figures, embeds and exports."""
