"""Addresses of books for who has a link, or none: outside of every organization's pages."""

from django.urls import URLPattern, path

from books.views import joining, public

urlpatterns: list[URLPattern] = [
    path("books/join/<str:token>/", joining.join, name="book_join"),
    path("books/joining/<uuid:key_id>/", joining.join_held, name="book_join_held"),
    path("s/<str:token>/", public.shared, name="shared"),
    path("s/<str:token>/<int:number>/", public.shared_chapter, name="shared_chapter"),
    path("s/<str:token>/pictures/<uuid:picture_id>/<slug:size>/", public.shared_picture, name="shared_picture"),
    path("read/<slug:name>/pictures/<uuid:picture_id>/<slug:size>/", public.public_picture, name="public_picture"),
    path("read/<slug:name>/", public.public_book, name="public_book"),
    path("read/<slug:name>/card.png", public.public_card, name="public_card"),
    path("read/<slug:name>/<int:number>/", public.public_chapter, name="public_chapter"),
]
