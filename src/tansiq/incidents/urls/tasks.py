"""Addresses of the tasks of a room."""

from django.urls import path

from tansiq.incidents.views import tasks

paths = [
    path("<int:room>/tasks/", tasks.index, name="tasks"),
    path("<int:room>/tasks/add/", tasks.add, name="task_add"),
    path("<int:room>/tasks/<int:pk>/", tasks.show, name="task"),
    path("<int:room>/tasks/<int:pk>/take/", tasks.take, name="task_take"),
    path("<int:room>/tasks/<int:pk>/release/", tasks.release, name="task_release"),
    path("<int:room>/tasks/<int:pk>/done/", tasks.done, name="task_done"),
    path("<int:room>/tasks/<int:pk>/drop/", tasks.drop, name="task_drop"),
    path("<int:room>/tasks/<int:pk>/reopen/", tasks.reopen, name="task_reopen"),
    path("<int:room>/tasks/<int:pk>/move/", tasks.move, name="task_move"),
]
